import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CentreOverview, MachineRow } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  Banner,
  Button,
  Chip,
  Confirm,
  EmptyState,
  FailureBanner,
  Loaded,
  Section,
  Table,
  useFormat,
} from "../../components";
import { useMay } from "../../seat";
import { IssueCode } from "./IssueCode";
import { Parked } from "./Parked";
import css from "./Sync.module.css";

const MINUTE_MS = 60_000;
const ASK_EVERY_MS = 15_000;
const TONES = { active: "accent", closed: "plain", revoked: "danger" } as const;

/** Head office: which machines speak with the centre, and codes that let more in. */
export function Machines() {
  const { t } = useTranslation();
  const overview = useRead("centre.overview", {}, { every: ASK_EVERY_MS });
  const mayConnect = useMay("sync:connect");
  const [issuing, setIssuing] = useState(false);
  const code = overview.error?.code;
  // Alone, there is nothing to look after; at a till, it is done elsewhere.
  if (code === "no_centre") return null;
  if (code === "not_the_centre") {
    const address = overview.error?.facts.address ?? "";
    return (
      <Section title={t("sync.office.title")} testId="machines-elsewhere">
        <Banner tone="calm">
          <strong>{t("sync.office.elsewhere")}</strong>{" "}
          {t("sync.office.elsewhereHelp", { address })}
        </Banner>
      </Section>
    );
  }
  return (
    <>
      <Section
        title={t("sync.office.title")}
        testId="machines"
        actions={
          mayConnect && (
            <Button tone="accent" onPress={() => setIssuing(true)} testId="code-issue">
              {t("sync.office.issue")}
            </Button>
          )
        }
      >
        <p className={css.soft}>{t("sync.office.lead")}</p>
        <Loaded query={overview} rows={4}>
          {(all) => <MachineTable all={all} />}
        </Loaded>
        {issuing && <IssueCode onClose={() => setIssuing(false)} />}
      </Section>
      {overview.data?.machines.some(({ parked }) => parked > 0) && <Parked />}
    </>
  );
}

function MachineTable({ all }: { all: CentreOverview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [locking, setLocking] = useState<MachineRow | null>(null);
  const restore = useWrite("centre.restore");
  const mayConnect = useMay("sync:connect");
  if (all.machines.length === 0) return <EmptyState title={t("sync.office.none")} />;
  const clock = ({ clock_off_ms }: MachineRow) => {
    const count = Math.round(Math.abs(clock_off_ms ?? 0) / MINUTE_MS);
    if (clock_off_ms === null) return "";
    if (count < 2) return t("sync.office.clockRight");
    return clock_off_ms > 0 ? t("sync.clockFast", { count }) : t("sync.clockSlow", { count });
  };
  return (
    <>
      <FailureBanner problem={restore.error} />
      <Table
        label={t("sync.office.title")}
        rows={all.machines}
        keyOf={(row) => row.origin}
        columns={[
          {
            id: "till",
            title: t("sync.office.till"),
            cell: (row) => `${row.branch} · ${row.terminal} · ${row.series}`,
          },
          {
            id: "state",
            title: t("sync.office.state"),
            cell: (row) => (
              <>
                <Chip tone={TONES[row.state]}>{t(`sync.office.${row.state}`)}</Chip>{" "}
                {row.parked > 0 && t("sync.office.parked", { count: row.parked })}
              </>
            ),
          },
          {
            id: "seen",
            title: t("sync.office.seen"),
            cell: (row) =>
              row.seen_at === null ? t("sync.office.never") : format.dateTime(row.seen_at),
          },
          { id: "clock", title: t("sync.office.clock"), cell: clock },
          {
            id: "entries",
            title: t("sync.entries"),
            numeric: true,
            cell: (row) => format.qty(String(row.entries)),
          },
          {
            id: "act",
            title: t("common.change"),
            titleHidden: true,
            cell: (row) =>
              mayConnect &&
              (row.state === "active" ? (
                <Button size="small" onPress={() => setLocking(row)} testId="machine-revoke">
                  {t("sync.office.revoke")}
                </Button>
              ) : (
                row.state === "revoked" && (
                  <Button size="small" onPress={() => restore.mutate({ origin: row.origin })}>
                    {t("sync.office.restore")}
                  </Button>
                )
              )),
          },
        ]}
      />
      {locking && <LockOut machine={locking} onClose={() => setLocking(null)} />}
    </>
  );
}

function LockOut({ machine, onClose }: { machine: MachineRow; onClose: () => void }) {
  const { t } = useTranslation();
  const revoke = useWrite("centre.revoke");
  return (
    <Confirm
      title={t("sync.office.revokeTitle")}
      confirmLabel={t("sync.office.revoke")}
      danger
      isPending={revoke.isPending}
      onConfirm={() => revoke.mutate({ origin: machine.origin }, { onSuccess: onClose })}
      onClose={onClose}
      testId="revoke-confirm"
    >
      <p>{t("sync.office.revokeHelp", { terminal: machine.terminal })}</p>
      <FailureBanner problem={revoke.error} />
    </Confirm>
  );
}
