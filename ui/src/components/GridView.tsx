import {
  type CellKeyDownEvent,
  CellStyleModule,
  ClientSideRowModelModule,
  type ColDef,
  ColumnAutoSizeModule,
  LocaleModule,
  ModuleRegistry,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
  themeQuartz,
} from "ag-grid-community";
import { AgGridReact } from "ag-grid-react";
import { type ReactNode, useMemo } from "react";
import css from "./GridView.module.css";

ModuleRegistry.registerModules([
  CellStyleModule,
  ClientSideRowModelModule,
  ColumnAutoSizeModule,
  LocaleModule,
  RowApiModule,
  RowSelectionModule,
  ScrollApiModule,
]);

const theme = themeQuartz.withParams({
  fontFamily: "inherit",
  fontSize: "var(--text-m)",
  backgroundColor: "var(--surface)",
  foregroundColor: "var(--ink)",
  accentColor: "var(--accent)",
  borderColor: "var(--line)",
  headerBackgroundColor: "var(--surface)",
  headerTextColor: "var(--ink-soft)",
  headerFontWeight: 400,
  headerFontSize: "var(--text-s)",
  rowHoverColor: "var(--hover)",
  selectedRowBackgroundColor: "var(--accent-soft)",
  rowHeight: 36,
  headerHeight: 36,
  cellHorizontalPadding: 12,
  wrapperBorder: false,
  wrapperBorderRadius: 0,
});

export interface GridColumn<R> {
  id: string;
  title: string;
  /** The value it is sorted by, and shown as when there is no `cell`. */
  value: (row: R) => string | number | null;
  cell?: (row: R) => ReactNode;
  numeric?: boolean;
  /** Grows to fill the width. */
  grow?: boolean;
  width?: number;
  sortable?: boolean;
}

export interface GridProps<R> {
  label: string;
  columns: GridColumn<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  onOpen?: (row: R) => void;
  /** The last rows come into view: time to fetch more. */
  onEnd?: () => void;
  emptyText?: string;
}

function toColDef<R>(column: GridColumn<R>): ColDef<R> {
  return {
    colId: column.id,
    headerName: column.title,
    valueGetter: (params) => (params.data ? column.value(params.data) : null),
    ...(column.cell
      ? {
          cellRenderer: (params: { data?: R }) => (params.data ? column.cell?.(params.data) : null),
        }
      : {}),
    ...(column.numeric ? { type: "rightAligned" } : {}),
    ...(column.grow ? { flex: 1, minWidth: column.width ?? 200 } : {}),
    ...(column.width && !column.grow ? { width: column.width } : {}),
    sortable: column.sortable ?? true,
    resizable: true,
    wrapHeaderText: true,
    suppressMovable: true,
  };
}

const END_ROWS = 40;

/** Not used directly: `Grid` fetches it when it is needed. */
export default function GridView<R extends object>(props: GridProps<R>) {
  const { label, columns, rows, keyOf, onOpen, onEnd, emptyText } = props;
  const columnDefs = useMemo(() => columns.map(toColDef), [columns]);
  return (
    <div className={css.grid} role="group" aria-label={label}>
      <AgGridReact<R>
        theme={theme}
        columnDefs={columnDefs}
        rowData={rows as R[]}
        getRowId={(params) => keyOf(params.data)}
        onRowClicked={(event) => event.data && onOpen?.(event.data)}
        onCellKeyDown={(event) => {
          const key = (event as CellKeyDownEvent<R>).event as KeyboardEvent | undefined;
          if (key?.key === "Enter" && event.data) onOpen?.(event.data);
        }}
        onBodyScroll={(event) => {
          if (event.api.getLastDisplayedRowIndex() >= rows.length - END_ROWS) onEnd?.();
        }}
        localeText={emptyText ? { noRowsToShow: emptyText } : {}}
        suppressCellFocus={false}
      />
    </div>
  );
}
