import { Cloud, CloudAlert, CloudOff, House, RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SyncState } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Chip } from "../../components";
import { toneOf, useSyncWords } from "../../parts/useSyncWords";
import { href } from "../../router";
import { useMay } from "../../seat";
import css from "./TopBar.module.css";

const ASK_EVERY_MS = 30_000;

function Icon({ state }: { state: SyncState }) {
  if (toneOf(state) !== "plain") return <CloudAlert aria-hidden="true" />;
  if (state.phase === "online") return <Cloud aria-hidden="true" />;
  if (state.phase === "centre") return <Cloud aria-hidden="true" />;
  if (state.phase === "not_connected") return <House aria-hidden="true" />;
  if (state.phase === "offline") return <CloudOff aria-hidden="true" />;
  return <RefreshCw aria-hidden="true" />;
}

/** How the line to the centre stands, always in sight. Offline is normal, so it is calm. */
export function StateChip() {
  const { t } = useTranslation();
  const words = useSyncWords();
  const mayLook = useMay("sync:read");
  const state = useRead("sync.state", {}, { every: ASK_EVERY_MS });
  if (!state.data) return null;
  const chip = (
    <Chip
      tone={toneOf(state.data)}
      icon={<Icon state={state.data} />}
      testId="state-chip"
      title={t("sync.help")}
    >
      {words.chip(state.data).join(" · ")}
    </Chip>
  );
  return mayLook ? (
    <a className={css.state} href={href("sync")}>
      {chip}
    </a>
  ) : (
    chip
  );
}
