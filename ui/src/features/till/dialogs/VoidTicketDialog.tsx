import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../../api/call";
import { Banner, EntryDialog } from "../../../components";
import { ReasonField } from "../../../parts/ReasonField";
import type { TillDialogProps } from "../Dialogs";

/** The customer leaves without buying. It is recorded with its lines. */
export function VoidTicketDialog({ open, onClose }: TillDialogProps) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const give = useWrite("pos.void_ticket");
  const confirm = () => {
    if (!open.ticket) return;
    give.mutate(
      { ticket: open.ticket, reason: reason.trim() },
      {
        onSuccess: () => {
          open.show(null);
          onClose();
        },
      },
    );
  };
  return (
    <EntryDialog
      title={t("till.voidTicket")}
      confirmLabel={t("till.voidTicket")}
      danger
      isReady={reason.trim() !== ""}
      isPending={give.isPending}
      problem={give.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Banner tone="calm">{t("till.voidTicketHelp")}</Banner>
      <ReasonField kind="void" value={reason} onChange={setReason} autoFocus />
    </EntryDialog>
  );
}
