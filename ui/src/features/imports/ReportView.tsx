import { useTranslation } from "react-i18next";
import type { ImportReport } from "../../api/bindings";
import { Banner, Chip, Facts, Section, Table, useFormat } from "../../components";
import css from "./Imports.module.css";
import { SalesReport } from "./SalesReport";
import { useChangeWords, useRowWords } from "./words";

const COUNTS = [
  "rows",
  "created",
  "changed",
  "unchanged",
  "left_out",
  "categories_created",
  "error_count",
  "warning_count",
] as const;

/** What an import would do, or did: counted, with its first rows and every complaint. */
export function ReportView({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const wordsOf = useRowWords();
  const always = ["rows", "created", "error_count"];
  const counts = COUNTS.filter((name) => always.includes(name) || report[name] > 0);
  return (
    <>
      <Section testId="import-report">
        <div className={css.counts}>
          <Facts
            facts={counts.map((name) => ({
              term: t(`imports.counts.${name}`),
              value: <span className={css.count}>{format.qty(String(report[name]))}</span>,
              testId: `import-${name}`,
            }))}
          />
        </div>
        {report.unused_columns.length > 0 && (
          <p className={css.samples}>
            {t("imports.unusedColumns", { columns: report.unused_columns.join(", ") })}
          </p>
        )}
      </Section>
      {report.errors.length > 0 && <Errors report={report} />}
      {report.warnings.length > 0 && (
        <Section title={t("imports.warnings")}>
          {report.warnings.map((warning) => (
            <Banner key={warning.message} tone="warn">
              {wordsOf(warning)}
            </Banner>
          ))}
        </Section>
      )}
      {report.sales && <SalesReport sales={report.sales} />}
      {report.examples.length > 0 && <Examples report={report} />}
    </>
  );
}

function Errors({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const wordsOf = useRowWords();
  const shown = report.errors.length;
  return (
    <Section title={t("imports.errors")} testId="import-errors">
      {shown < report.error_count && (
        <p>{t("imports.errorsMore", { shown, count: report.error_count })}</p>
      )}
      <ul className={css.errors} data-selectable>
        {report.errors.map((error) => (
          <li key={error.message}>{wordsOf(error)}</li>
        ))}
      </ul>
    </Section>
  );
}

function Examples({ report }: { report: ImportReport }) {
  const { t } = useTranslation();
  const changesOf = useChangeWords();
  return (
    <Section title={t("imports.examples")}>
      <Table
        label={t("imports.examples")}
        rows={report.examples}
        keyOf={(row) => `${row.line} ${row.name}`}
        columns={[
          {
            id: "line",
            title: t("imports.line"),
            numeric: true,
            width: "5rem",
            cell: (row) => row.line,
          },
          { id: "name", title: t("common.name"), cell: (row) => row.name },
          {
            id: "outcome",
            title: t("imports.outcome"),
            width: "9rem",
            cell: (row) => (
              <Chip tone={row.outcome === "created" ? "accent" : "plain"}>
                {t(`imports.outcomes.${row.outcome}`)}
              </Chip>
            ),
          },
          {
            id: "detail",
            title: t("imports.detail"),
            cell: (row) => row.detail || changesOf(row.changes),
          },
        ]}
      />
    </Section>
  );
}
