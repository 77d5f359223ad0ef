import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ApprovalView, User } from "../../api/bindings";
import { useRead } from "../../api/call";
import {
  EmptyState,
  Loaded,
  SearchField,
  Section,
  Select,
  Table,
  useFormat,
} from "../../components";
import { useNames } from "../../parts/useNames";
import css from "./Users.module.css";

const SPANS = ["1", "7", "30", "90"] as const;
type Span = (typeof SPANS)[number];

const DAY_MS = 86_400_000;
/** The program shows no more at once. */
const SHOWN_MAX = 500;

/** What managers allowed: to be looked through, not to be changed. */
export function Overrides({ people }: { people: User[] }) {
  const { t } = useTranslation();
  const [span, setSpan] = useState<Span>("7");
  const [text, setText] = useState("");
  // Fixed when the span is chosen: a moving question would be asked again and again.
  const [since, setSince] = useState(() => Date.now() - 7 * DAY_MS);
  const approvals = useRead("approvals.list", { since_ms: since }, { keep: true });
  const choose = (next: Span) => {
    setSpan(next);
    setSince(Date.now() - Number(next) * DAY_MS);
  };
  const nameOf = (id: string | null) => people.find(({ user_id }) => user_id === id)?.name ?? "—";
  const fits = (row: ApprovalView) =>
    [row.detail, row.reason, nameOf(row.requested_by), nameOf(row.approved_by)].some((words) =>
      words.toLowerCase().includes(text.trim().toLowerCase()),
    );
  return (
    <Section
      title={t("users.overrides")}
      testId="overrides"
      actions={
        <>
          <SearchField label={t("common.search")} value={text} onChange={setText} />
          <Select
            label={t("users.span")}
            labelHidden
            options={SPANS.map((id) => ({ id, label: t(`users.spans.${id}`) }))}
            value={span}
            onChange={choose}
          />
        </>
      }
    >
      <p className={css.soft}>{t("users.overridesLead")}</p>
      <Loaded query={approvals}>
        {(all) => {
          const rows = all.filter(fits);
          if (rows.length === 0) {
            return (
              <EmptyState
                title={t(all.length === 0 ? "users.noOverrides" : "common.nothingFound")}
              />
            );
          }
          return (
            <>
              <OverrideTable rows={rows} nameOf={nameOf} />
              {all.length >= SHOWN_MAX && (
                <p className={css.soft}>{t("users.overridesMax", { count: SHOWN_MAX })}</p>
              )}
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}

function OverrideTable(props: { rows: ApprovalView[]; nameOf: (id: string | null) => string }) {
  const { rows, nameOf } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const what = useNames("approval");
  return (
    <Table
      label={t("users.overrides")}
      rows={rows}
      keyOf={(row) => row.approval_id}
      columns={[
        { id: "at", title: t("common.time"), cell: (row) => format.dateTime(row.approved_at) },
        {
          id: "what",
          title: t("users.allowed"),
          cell: (row) => (
            <>
              <span className={css.sentence}>{what(row.what)}</span>
              {row.detail && <div className={css.soft}>{row.detail}</div>}
            </>
          ),
        },
        { id: "reason", title: t("common.reason"), cell: (row) => row.reason },
        { id: "by", title: t("users.askedBy"), cell: (row) => nameOf(row.requested_by) },
        { id: "approver", title: t("users.allowedBy"), cell: (row) => nameOf(row.approved_by) },
      ]}
    />
  );
}
