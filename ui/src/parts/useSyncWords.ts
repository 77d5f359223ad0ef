// How the line to the centre stands, in words: for the chip that is always in sight, and for the
// screen of the line.
import { useTranslation } from "react-i18next";
import type { SyncState } from "../api/bindings";
import { useFormat } from "../components";

const MINUTE_MS = 60_000;

export type SyncTone = "plain" | "accent" | "warn" | "danger";

/** Which states a person should do something about, and which are only good to know. */
const TONES: Record<SyncState["phase"], SyncTone> = {
  not_connected: "plain",
  centre: "plain",
  starting: "plain",
  online: "plain",
  offline: "plain",
  catching_up: "plain",
  salvaging: "warn",
  needs_upgrade: "warn",
  centre_too_old: "warn",
  revoked: "danger",
  not_known: "danger",
  refused: "danger",
};

export function toneOf(state: SyncState): SyncTone {
  if (state.differs) return "danger";
  const tone = TONES[state.phase];
  return tone === "plain" && state.clock_off_ms !== null ? "warn" : tone;
}

export function useSyncWords() {
  const { t } = useTranslation();
  const format = useFormat();

  const waiting = ({ pending, oldest_ms }: SyncState) => {
    if (pending === 0 || oldest_ms === null) return t("sync.waitingNone");
    const minutes = Math.max(0, Math.floor((Date.now() - oldest_ms) / MINUTE_MS));
    return t("sync.waiting", { count: pending, minutes });
  };
  const clock = ({ clock_off_ms }: SyncState) => {
    if (clock_off_ms === null) return null;
    const count = Math.round(Math.abs(clock_off_ms) / MINUTE_MS);
    return clock_off_ms > 0 ? t("sync.clockFast", { count }) : t("sync.clockSlow", { count });
  };
  const since = (ms: number) =>
    Date.now() - ms < 12 * 60 * MINUTE_MS ? format.time(ms) : format.dateTime(ms);
  const phase = ({ phase, since_ms }: SyncState, kind: "chip" | "phase") =>
    phase === "offline" && since_ms !== null
      ? t(`sync.${kind}.offline_since`, { since: since(since_ms) })
      : t(`sync.${kind}.${phase}`);
  /** The parts that matter now, most important first. */
  const chip = (state: SyncState) => {
    const parts = [phase(state, "chip")];
    if (state.differs) parts.push(t("sync.differs"));
    const off = clock(state);
    if (off) parts.push(off);
    // On line nothing waits for long; alone, nothing waits at all.
    const isAlone = state.phase === "not_connected" || state.phase === "centre";
    if (!isAlone && (state.phase !== "online" || state.pending > 0)) parts.push(waiting(state));
    return parts;
  };
  return { waiting, clock, phase, chip };
}
