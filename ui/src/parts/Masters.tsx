import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  Button,
  Checkbox,
  Chip,
  type Column,
  EmptyState,
  Loaded,
  type Problem,
  Section,
  Table,
} from "../components";
import css from "./Office.module.css";

interface Answer<D> {
  data: D | undefined;
  error: Problem | null;
  refetch: () => unknown;
}

/** A short list of masters: look, add, change. What is archived hides until it is asked for. */
export function Masters<D, R>(props: {
  title: string;
  lead?: string;
  query: Answer<D>;
  rowsOf: (data: D) => readonly R[];
  columns: Column<R>[];
  keyOf: (row: R) => string;
  isArchived?: (row: R) => boolean | undefined;
  /** The words of the button that adds one; without it nothing can be added. */
  addLabel?: string | undefined;
  none: string;
  tools?: ReactNode;
  /** The form of one; null is a new one. */
  editor: (row: R | null, onClose: () => void) => ReactNode;
  testId?: string;
}) {
  const { title, lead, query, rowsOf, columns, keyOf, isArchived, addLabel, none } = props;
  const { t } = useTranslation();
  const [edited, setEdited] = useState<{ row: R | null } | null>(null);
  const [withArchived, setWithArchived] = useState(false);
  const isGone = (row: R) => isArchived?.(row) ?? false;
  const all = query.data === undefined ? [] : rowsOf(query.data);
  const state: Column<R> = {
    id: "state",
    title: t("office.state"),
    cell: (row) => isGone(row) && <Chip>{t("common.archived")}</Chip>,
  };
  return (
    <Section
      title={title}
      {...(props.testId ? { testId: props.testId } : {})}
      actions={
        <>
          {all.some(isGone) && (
            <Checkbox
              label={t("office.withArchived")}
              value={withArchived}
              onChange={setWithArchived}
            />
          )}
          {props.tools}
          {addLabel && (
            <Button tone="accent" onPress={() => setEdited({ row: null })} testId="masters-add">
              {addLabel}
            </Button>
          )}
        </>
      }
    >
      {lead && <p className={css.lead}>{lead}</p>}
      <Loaded query={query}>
        {(data) => {
          const rows = rowsOf(data).filter((row) => withArchived || !isGone(row));
          if (rows.length === 0) return <EmptyState title={none} />;
          return (
            <Table
              label={title}
              rows={rows}
              keyOf={keyOf}
              columns={withArchived ? [...columns, state] : columns}
              onOpen={(row) => setEdited({ row })}
            />
          );
        }}
      </Loaded>
      {edited && props.editor(edited.row, () => setEdited(null))}
    </Section>
  );
}
