import { RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SyncOverview } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  Banner,
  Button,
  Facts,
  Loaded,
  Page,
  Section,
  useFormat,
  useToast,
} from "../../components";
import { SupportBundle } from "../../parts/SupportBundle";
import { toneOf, useSyncWords } from "../../parts/useSyncWords";
import { useMay } from "../../seat";
import { Entries } from "./Entries";
import { Exchanges } from "./Exchanges";
import { Machines } from "./Machines";
import { Receipts } from "./Receipts";
import css from "./Sync.module.css";

const ASK_EVERY_MS = 5_000;

/** The line to the centre: how it stands, what waits, what was said. */
export default function Sync() {
  const { t } = useTranslation();
  const toast = useToast();
  const overview = useRead("sync.overview", {}, { every: ASK_EVERY_MS });
  const now = useWrite("sync.now");
  const mayBackup = useMay("backup:run");
  const isConnected = overview.data && overview.data.machine.centre !== null;
  return (
    <Page
      title={t("sync.title")}
      lead={t("sync.lead")}
      actions={
        isConnected && (
          <Button
            icon={<RefreshCw />}
            isPending={now.isPending}
            onPress={() => now.mutate({}, { onError: toast.fail })}
            testId="sync-now"
          >
            {t("sync.now")}
          </Button>
        )
      }
    >
      <Loaded query={overview} rows={8}>
        {(all) => (
          <>
            <State all={all} />
            <Receipts all={all} />
            <Entries
              title={t("sync.waitingTitle")}
              entries={all.waiting}
              empty={t("sync.waitingEmpty")}
              emptyHelp={t("sync.waitingEmptyHelp")}
              testId="sync-waiting"
            />
            {all.deferred.length > 0 && (
              <Entries
                title={t("sync.deferredTitle")}
                lead={t("sync.deferredLead")}
                entries={all.deferred}
                withReason
                testId="sync-deferred"
              />
            )}
            <Exchanges exchanges={all.exchanges} />
          </>
        )}
      </Loaded>
      <Machines />
      {mayBackup && <SupportBundle />}
    </Page>
  );
}

function State({ all }: { all: SyncOverview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useSyncWords();
  const { state, machine } = all;
  const tone = toneOf(state);
  const clock = words.clock(state);
  return (
    <Section title={t("sync.machine")} testId="sync-state">
      <Banner tone={tone === "danger" || tone === "warn" ? tone : "calm"}>
        <span className={css.state} data-testid="sync-phase">
          <strong>{words.phase(state, "phase")}</strong>
          <span>{words.waiting(state)}</span>
        </span>
        {state.problem && <p>{t("sync.problem", { problem: state.problem })}</p>}
      </Banner>
      {clock && (
        <Banner tone="warn">
          {clock}. {state.date_in_doubt ? t("sync.dateHelp") : t("sync.clockHelp")}
        </Banner>
      )}
      <Facts
        facts={[
          {
            term: t("sync.centre"),
            value: [machine.centre ?? t("sync.noCentre"), machine.plain && t("sync.plain")]
              .filter(Boolean)
              .join(" · "),
            testId: "sync-centre",
          },
          ...(machine.connected_at === null
            ? []
            : [{ term: t("sync.connectedAt"), value: format.dateTime(machine.connected_at) }]),
          { term: t("common.branch"), value: machine.branch },
          { term: t("shell.terminal"), value: machine.terminal },
          { term: t("sync.series"), value: machine.series, testId: "sync-series" },
          { term: t("sync.origin"), value: machine.origin },
          { term: t("sync.entries"), value: format.qty(String(machine.entries)) },
        ]}
      />
    </Section>
  );
}
