import { useTranslation } from "react-i18next";
import type { Ranked, SalesSummary } from "../../api/bindings";
import { type Fact, Facts, Money, Section, Table, useFormat } from "../../components";
import css from "./Imports.module.css";

/** The sales of a file summed up: what is compared with the old program's own reports. */
export function SalesReport({ sales }: { sales: SalesSummary }) {
  const { t } = useTranslation();
  const format = useFormat();
  const count = (value: number) => format.qty(String(value));
  const facts: Fact[] = [
    { term: t("imports.sales.documents"), value: count(sales.invoices) },
    { term: t("imports.sales.lines"), value: count(sales.lines) },
    { term: t("imports.sales.from"), value: sales.first },
    { term: t("imports.sales.to"), value: sales.last },
    { term: t("imports.sales.days"), value: count(sales.days) },
    { term: t("imports.sales.products"), value: count(sales.products) },
    { term: t("imports.sales.customers"), value: count(sales.customers) },
    { term: t("imports.sales.countries"), value: count(sales.countries) },
    { term: t("imports.sales.exact"), value: format.qty(sales.exact) },
    { term: t("imports.sales.posted"), value: <Money value={sales.posted} /> },
    { term: t("imports.sales.rounding"), value: format.qty(sales.rounding) },
  ];
  if (sales.skipped_invoices > 0) {
    facts.push({ term: t("imports.sales.skipped"), value: count(sales.skipped_invoices) });
  }
  return (
    <>
      <Section title={t("imports.sales.title")}>
        <Facts facts={facts} />
        <Table
          label={t("imports.salesClass")}
          rows={sales.classes}
          keyOf={(row) => row.class}
          columns={[
            {
              id: "class",
              title: t("imports.salesClass"),
              cell: (row) => t(`imports.salesClasses.${row.class}`),
            },
            {
              id: "lines",
              title: t("imports.sales.lines"),
              numeric: true,
              cell: (row) => count(row.lines),
            },
            {
              id: "quantity",
              title: t("imports.sales.quantity"),
              numeric: true,
              cell: (row) => format.qty(row.quantity),
            },
            {
              id: "exact",
              title: t("imports.sales.exact"),
              numeric: true,
              cell: (row) => format.qty(row.exact),
            },
            {
              id: "posted",
              title: t("imports.sales.posted"),
              numeric: true,
              cell: (row) => <Money value={row.posted} />,
            },
          ]}
        />
      </Section>
      <div className={css.ranked}>
        <RankedTable title={t("imports.sales.months")} rows={sales.months} />
        <RankedTable title={t("imports.sales.best")} rows={sales.best_by_revenue} />
        <RankedTable title={t("imports.sales.countries")} rows={sales.top_countries} />
      </div>
    </>
  );
}

function RankedTable({ title, rows }: { title: string; rows: Ranked[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (rows.length === 0) return null;
  return (
    <Section title={title}>
      <Table
        label={title}
        rows={rows}
        keyOf={(row) => row.name}
        columns={[
          {
            id: "name",
            title: t("common.name"),
            titleHidden: true,
            cell: (row) => (row.detail ? `${row.name} ${row.detail}` : row.name),
          },
          {
            id: "quantity",
            title: t("imports.sales.quantity"),
            numeric: true,
            cell: (row) => format.qty(row.quantity),
          },
          {
            id: "exact",
            title: t("imports.sales.sum"),
            numeric: true,
            cell: (row) => format.qty(row.exact),
          },
        ]}
      />
    </Section>
  );
}
