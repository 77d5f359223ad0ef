import { CloudOff } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Chip } from "../../components";

const ASK_EVERY_MS = 30_000;
const MINUTE_MS = 60_000;

/** What has not left this machine yet, always in sight. Offline is normal, so it is calm. */
export function StateChip() {
  const { t } = useTranslation();
  const state = useRead("sync.state", {}, { every: ASK_EVERY_MS });
  const words = ({ pending, oldest_ms }: { pending: number; oldest_ms: number | null }) => {
    if (pending === 0 || oldest_ms === null) return t("shell.offlineNone");
    const minutes = Math.max(0, Math.floor((Date.now() - oldest_ms) / MINUTE_MS));
    return t("shell.offlineOldest", { count: pending, minutes });
  };
  return (
    <Chip icon={<CloudOff aria-hidden="true" />} testId="state-chip" title={t("shell.offlineHelp")}>
      {state.data ? words(state.data) : t("shell.offline")}
    </Chip>
  );
}
