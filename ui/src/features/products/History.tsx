import { useTranslation } from "react-i18next";
import type { AuditEntry, FieldChange } from "../../api/bindings";
import { useRead } from "../../api/call";
import { EmptyState, Loaded, Section, Table, useFormat } from "../../components";
import type { en } from "../../text/en";
import { isShown, readValue } from "./history";
import css from "./Products.module.css";

type KnownField = keyof (typeof en)["products"]["historyField"];
type KnownTable = keyof (typeof en)["products"]["historyTable"];

/** Who changed what of the product, its units, barcodes and prices. */
export function History({ productId }: { productId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const history = useRead("catalogue.history", { product_id: productId });
  const tableName = (table: string | null) =>
    t(`products.historyTable.${(table ?? "product") as KnownTable}`, { defaultValue: table ?? "" });
  return (
    <Loaded query={history} rows={10}>
      {({ entries }) =>
        entries.length === 0 ? (
          <EmptyState title={t("products.historyNone")} />
        ) : (
          <Section>
            <Table
              label={t("products.history")}
              rows={entries}
              keyOf={(row) => row.reference}
              columns={[
                {
                  id: "time",
                  title: t("common.time"),
                  width: "12rem",
                  cell: (row) => format.dateTime(row.at_ms),
                },
                {
                  id: "user",
                  title: t("common.user"),
                  width: "12rem",
                  cell: (row) => row.user || "–",
                },
                {
                  id: "what",
                  title: t("products.product"),
                  titleHidden: true,
                  width: "8rem",
                  cell: (row) => tableName(row.table),
                },
                {
                  id: "changes",
                  title: t("common.change"),
                  cell: (row) => <Changes entry={row} />,
                },
              ]}
            />
          </Section>
        )
      }
    </Loaded>
  );
}

function Changes({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const nameOf = (field: string) =>
    t(`products.historyField.${field as KnownField}`, { defaultValue: "" });
  const named = entry.changes.filter(({ field }) => isShown(field) && nameOf(field) !== "");
  if (named.length === 0) return <>{t("products.historyOther")}</>;
  return (
    <span className={css.changes}>
      {named.map((change) => (
        <span key={change.field}>
          {nameOf(change.field)}: <Value change={change} />
        </span>
      ))}
    </span>
  );
}

function Value({ change }: { change: FieldChange }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = (value: unknown): string | null => {
    const read = readValue(change.field, value);
    if (read === null) return null;
    if ("decimal" in read) return format.qty(read.decimal);
    if ("flag" in read) return read.flag ? t("common.yes") : t("common.no");
    return read.text;
  };
  const [before, after] = [words(change.before), words(change.after)];
  return (
    <>
      {before !== null && <del className={css.before}>{before}</del>} {after ?? "–"}
    </>
  );
}
