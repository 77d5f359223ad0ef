import { useTranslation } from "react-i18next";
import type { ExchangeView } from "../../api/bindings";
import { Chip, EmptyState, Section, Table, useFormat } from "../../components";

const OUTCOMES = ["done", "offline", "refused", "failed"] as const;
type Outcome = (typeof OUTCOMES)[number];

const TONES = { done: "accent", offline: "plain", refused: "danger", failed: "danger" } as const;

/** The last exchanges with the centre, newest first. */
export function Exchanges({ exchanges }: { exchanges: ExchangeView[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const outcome = (row: ExchangeView): Outcome =>
    OUTCOMES.find((name) => name === row.outcome) ?? "failed";
  const kilobytes = (bytes: number) => format.qty((bytes / 1024).toFixed(1));
  return (
    <Section title={t("sync.exchanges")} testId="sync-exchanges">
      {exchanges.length === 0 ? (
        <EmptyState title={t("sync.exchangesEmpty")}>{t("sync.exchangesEmptyHelp")}</EmptyState>
      ) : (
        <Table
          label={t("sync.exchanges")}
          rows={exchanges}
          keyOf={(row) => String(row.exchange_id)}
          columns={[
            { id: "began", title: t("sync.began"), cell: (row) => format.dateTime(row.began_at) },
            {
              id: "outcome",
              title: t("sync.outcome"),
              cell: (row) => (
                <>
                  <Chip tone={TONES[outcome(row)]}>{t(`sync.outcomes.${outcome(row)}`)}</Chip>{" "}
                  {row.problem}
                </>
              ),
            },
            { id: "sent", title: t("sync.sent"), numeric: true, cell: (row) => row.pushed },
            {
              id: "received",
              title: t("sync.received"),
              numeric: true,
              cell: (row) => row.applied,
            },
            {
              id: "traffic",
              title: t("sync.traffic"),
              numeric: true,
              cell: (row) =>
                t("sync.bytes", { out: kilobytes(row.bytes_out), back: kilobytes(row.bytes_in) }),
            },
            {
              id: "took",
              title: t("sync.took"),
              numeric: true,
              cell: (row) => t("sync.ms", { ms: row.took_ms }),
            },
          ]}
        />
      )}
    </Section>
  );
}
