import type { ReactNode } from "react";
import css from "./Table.module.css";

export interface Column<R> {
  id: string;
  title: string;
  /** The title is for readers of the screen only: a column of buttons. */
  titleHidden?: boolean;
  /** The cell; figures through `Money`, `Qty`. */
  cell: (row: R) => ReactNode;
  /** Figures stand at the right. */
  numeric?: boolean;
  width?: string;
}

export interface TableProps<R> {
  label: string;
  columns: Column<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  /** Makes rows choosable by click and by Enter. */
  onOpen?: (row: R) => void;
  selected?: string | null;
  /** A last row of totals, by column id. */
  totals?: Record<string, ReactNode>;
  testIdOf?: (row: R, index: number) => string;
}

/** A short list (hundreds at most). Long ones: `Grid`. */
export function Table<R>(props: TableProps<R>) {
  const { label, columns, rows, keyOf, onOpen, selected, totals, testIdOf } = props;
  return (
    <div className={css.scroll}>
      <table className={css.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={column.numeric ? css.numeric : undefined}
                style={column.width ? { width: column.width } : undefined}
              >
                {column.titleHidden ? (
                  <span className="sr-only">{column.title}</span>
                ) : (
                  column.title
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => {
            const key = keyOf(row);
            const open = onOpen && {
              tabIndex: 0,
              onClick: () => onOpen(row),
              onKeyDown: (event: React.KeyboardEvent) => {
                if (event.key === "Enter" && event.target === event.currentTarget) onOpen(row);
              },
            };
            return (
              <tr
                key={key}
                {...open}
                className={open ? css.open : undefined}
                aria-selected={selected === undefined ? undefined : selected === key}
                data-testid={testIdOf?.(row, index)}
              >
                {columns.map((column) => (
                  <td key={column.id} className={column.numeric ? css.numeric : undefined}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
        {totals && (
          <tfoot>
            <tr>
              {columns.map((column) => (
                <td key={column.id} className={column.numeric ? css.numeric : undefined}>
                  {totals[column.id]}
                </td>
              ))}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
