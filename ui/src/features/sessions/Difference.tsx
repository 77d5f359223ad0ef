import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DrawerCount } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Banner, EntryDialog, useFormat } from "../../components";
import { ReasonField } from "../../parts/ReasonField";
import { navigate } from "../../router";
import { OverShort } from "./ReportView";

/** The count stands. What is off is explained, allowed where needed, and booked. */
export function Difference(props: { sessionId: string; count: DrawerCount; onClose: () => void }) {
  const { sessionId, count, onClose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [reason, setReason] = useState("");
  const close = useWrite("pos.close_session");
  const confirm = () =>
    close.mutate(
      { session_id: sessionId, reason: reason.trim() },
      {
        onSuccess: () => {
          onClose();
          navigate("sessions", sessionId);
        },
      },
    );
  return (
    <EntryDialog
      title={t("sessions.close")}
      confirmLabel={t("sessions.close")}
      confirmTestId="session-close-confirm"
      isReady={!count.needs_reason || reason.trim() !== ""}
      isPending={close.isPending}
      problem={close.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Banner tone={count.over_short === 0 ? "calm" : "warn"}>
        {t("sessions.counting", {
          counted: format.money(count.counted),
          expected: format.money(count.expected),
        })}{" "}
        <strong data-testid="count-difference">
          <OverShort value={count.over_short} />
        </strong>
      </Banner>
      {count.needs_reason && (
        <ReasonField
          kind="over_short"
          value={reason}
          onChange={setReason}
          autoFocus
          testId="close-reason"
        />
      )}
    </EntryDialog>
  );
}
