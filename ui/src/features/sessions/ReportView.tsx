import { useTranslation } from "react-i18next";
import type { SessionReport } from "../../api/bindings";
import { type Fact, Facts, Money, Section, Table, useFormat } from "../../components";
import css from "./ReportView.module.css";

/** An X or Z report: the same figures as on its paper. */
export function ReportView({ report }: { report: SessionReport }) {
  const { t } = useTranslation();
  const money = (value: number) => <Money value={value} />;
  const fact = (term: string, value: number | string, count?: number): Fact => ({
    term: count === undefined ? term : `${term} (${count})`,
    value: typeof value === "number" ? money(value) : value,
  });
  return (
    <div className={css.report} data-testid={report.number ? "z-report" : "x-report"}>
      <About report={report} />
      <Section title={t("sessions.section.sales")}>
        <Facts
          numeric
          facts={[
            fact(t("sessions.sales"), report.sales_total, report.sales),
            fact(t("sessions.returns"), report.returns_total, report.returns),
            fact(t("sessions.voids"), report.voids_total, report.voids),
            fact(t("till.discount"), report.discount),
            fact(t("common.tax"), report.tax),
            fact(t("common.total"), report.total),
            ...(report.account_payments > 0
              ? [
                  fact(
                    t("sessions.accountPayments"),
                    report.account_payments_total,
                    report.account_payments,
                  ),
                ]
              : []),
          ]}
        />
      </Section>
      <Section title={t("sessions.section.tenders")}>
        <Table
          label={t("sessions.section.tenders")}
          rows={report.tenders}
          keyOf={(row) => row.kind}
          columns={[
            {
              id: "kind",
              title: t("common.name"),
              titleHidden: true,
              cell: (row) => `${t(`till.tender.${row.kind}`)} (${row.count})`,
            },
            {
              id: "taken",
              title: t("sessions.taken"),
              numeric: true,
              cell: (row) => (row.taken === null ? "—" : money(row.taken)),
            },
            {
              id: "refunded",
              title: t("sessions.refunded"),
              numeric: true,
              cell: (row) => (row.refunded === null ? "—" : money(row.refunded)),
            },
          ]}
        />
      </Section>
      <CashPart report={report} />
      <Section title={t("sessions.section.taxes")}>
        <Table
          label={t("sessions.section.taxes")}
          rows={report.taxes}
          keyOf={(row) => `${row.tax_class_id}${row.rate}`}
          columns={[
            {
              id: "name",
              title: t("common.name"),
              titleHidden: true,
              cell: (row) => row.name,
            },
            {
              id: "base",
              title: t("sessions.value"),
              numeric: true,
              cell: (row) => money(row.base),
            },
            { id: "tax", title: t("common.tax"), numeric: true, cell: (row) => money(row.tax) },
          ]}
        />
      </Section>
      <Section title={t("sessions.section.categories")}>
        <Facts
          numeric
          facts={report.categories.map((row) =>
            fact(row.name || t("sessions.uncategorised"), row.total),
          )}
        />
      </Section>
      <Section title={t("sessions.section.checks")}>
        <Facts
          numeric
          facts={[
            fact(t("sessions.noSale"), String(report.no_sales)),
            fact(t("sessions.lineVoids"), report.line_voids_total, report.line_voids),
            fact(t("sessions.ticketVoids"), String(report.ticket_voids)),
            fact(t("sessions.reprints"), String(report.reprints)),
            fact(t("sessions.overrides"), String(report.overrides)),
            fact(t("sessions.held"), String(report.held)),
            fact(t("sessions.first"), report.first_number ?? "—"),
            fact(t("sessions.last"), report.last_number ?? "—"),
          ]}
        />
      </Section>
    </div>
  );
}

function About({ report }: { report: SessionReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const facts: Fact[] = [
    { term: t("sessions.businessDate"), value: format.date(report.business_date) },
    { term: t("shell.cashier"), value: report.cashier },
    { term: t("shell.terminal"), value: report.terminal },
    { term: t("sessions.drawer"), value: report.drawer },
    { term: t("sessions.opened"), value: format.dateTime(report.opened_at) },
  ];
  if (report.closed_at !== null) {
    facts.push({ term: t("sessions.closed"), value: format.dateTime(report.closed_at) });
  }
  if (report.number) {
    facts.unshift({ term: t("sessions.zNumber"), value: report.number, testId: "z-number" });
  }
  return (
    <div className={css.about}>
      <Section>
        <Facts facts={facts} />
      </Section>
    </div>
  );
}

function CashPart({ report }: { report: SessionReport }) {
  const { t } = useTranslation();
  const money = (value: number) => <Money value={value} />;
  const facts: Fact[] = [
    { term: t("sessions.float"), value: money(report.opening_float) },
    { term: t("sessions.cashIn"), value: money(report.cash_in) },
    { term: t("sessions.cashOut"), value: money(report.cash_out) },
    { term: t("sessions.drops"), value: money(report.cash_drops) },
    {
      term: t("sessions.expected"),
      value: report.expected === null ? t("sessions.expectedHidden") : money(report.expected),
    },
  ];
  if (report.counted !== null) {
    facts.push({ term: t("sessions.counted"), value: money(report.counted), testId: "z-counted" });
  }
  if (report.over_short !== null) {
    const value = <strong>{<OverShort value={report.over_short} />}</strong>;
    facts.push({ term: t("sessions.overShort"), value, testId: "z-over-short" });
  }
  if (report.reason) facts.push({ term: t("common.reason"), value: report.reason });
  return (
    <Section title={t("sessions.section.cash")}>
      <Facts numeric facts={facts} />
    </Section>
  );
}

/** Over, short or exact: the word says it, not only the sign. */
export function OverShort({ value }: { value: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (value === 0) return <>{t("sessions.exact")}</>;
  const amount = format.money(value < 0 ? -value : value);
  return <>{value < 0 ? t("sessions.short", { amount }) : t("sessions.over", { amount })}</>;
}
