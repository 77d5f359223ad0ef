import type { ReactNode } from "react";
import { FailedState, Grid, type GridColumn, Skeleton } from "../components";
import type { Pages } from "./usePages";

/** A grid fed page by page: loading, failed, empty, or its rows. */
export function PagedGrid<Row extends object>(props: {
  label: string;
  pages: Pages<unknown, Row>;
  columns: GridColumn<Row>[];
  keyOf: (row: Row) => string;
  onOpen?: (row: Row) => void;
  empty: ReactNode;
}) {
  const { label, pages, columns, keyOf, onOpen, empty } = props;
  if (!pages.rows) {
    if (pages.error) return <FailedState problem={pages.error} onRetry={pages.refetch} />;
    return <Skeleton rows={12} />;
  }
  if (pages.rows.length === 0) return <>{empty}</>;
  return (
    <Grid
      label={label}
      columns={columns}
      rows={pages.rows}
      keyOf={keyOf}
      onEnd={pages.more}
      {...(onOpen ? { onOpen } : {})}
    />
  );
}
