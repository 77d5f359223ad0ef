import { useTranslation } from "react-i18next";
import type { ImportField, Inspection } from "../../api/bindings";
import { Chip, Select, Table } from "../../components";
import css from "./Imports.module.css";
import { type Columns, unusedColumns, withColumn } from "./mapping";

const NONE = "none:";
const column = (name: string) => `column:${name}`;
const SAMPLES = 3;

/** Our fields, and the column of the file for each. */
export function ColumnTable(props: {
  inspection: Inspection;
  columns: Columns;
  nameOf: (field: string) => string;
  onChange: (columns: Columns) => void;
}) {
  const { inspection, columns, nameOf, onChange } = props;
  const { t } = useTranslation();
  const names = [...new Set(inspection.columns.map(({ name }) => name))];
  const options = [
    { id: NONE, label: t("imports.notImported") },
    ...names.map((name) => ({ id: column(name), label: name })),
  ];
  const samplesOf = (field: ImportField) =>
    inspection.columns
      .find(({ name }) => name === columns[field.name])
      ?.samples.filter(Boolean)
      .slice(0, SAMPLES)
      .join(" · ");
  const unused = unusedColumns(inspection, columns);
  return (
    <>
      <Table
        label={t("imports.columns")}
        rows={inspection.fields}
        keyOf={(row) => row.name}
        columns={[
          {
            id: "field",
            title: t("imports.field"),
            width: "13rem",
            cell: (row) => (
              <span className={css.field}>
                {nameOf(row.name)}
                {row.required && <Chip tone="accent">{t("imports.required")}</Chip>}
              </span>
            ),
          },
          {
            id: "column",
            title: t("imports.column"),
            width: "16rem",
            cell: (row) => (
              <Select
                label={nameOf(row.name)}
                labelHidden
                options={options}
                value={columns[row.name] === undefined ? NONE : column(columns[row.name] ?? "")}
                onChange={(id) => {
                  const chosen = id === NONE ? null : id.slice(column("").length);
                  onChange(withColumn(columns, row.name, chosen));
                }}
                testId={`import-column-${row.name}`}
              />
            ),
          },
          {
            id: "samples",
            title: t("imports.samples"),
            cell: (row) => <span className={css.samples}>{samplesOf(row)}</span>,
          },
        ]}
      />
      {unused.length > 0 && (
        <p className={css.samples}>{t("imports.unusedColumns", { columns: unused.join(", ") })}</p>
      )}
    </>
  );
}
