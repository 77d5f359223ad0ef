import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../../api/call";
import { EntryDialog, Field, useToast } from "../../../components";
import type { TillDialogProps } from "../Dialogs";

/** Puts the ticket aside; any till of the branch can take it up. */
export function HoldDialog({ open, onClose }: TillDialogProps) {
  const { t } = useTranslation();
  const toast = useToast();
  const [note, setNote] = useState("");
  const hold = useWrite("pos.hold");
  const confirm = () => {
    if (!open.ticket) return;
    hold.mutate(
      { ticket: open.ticket, note: note.trim() },
      {
        onSuccess: () => {
          open.show(null);
          toast.say(t("till.held"));
          onClose();
        },
      },
    );
  };
  return (
    <EntryDialog
      title={t("till.holdTitle")}
      confirmLabel={t("till.key.hold")}
      confirmTestId="hold-confirm"
      isPending={hold.isPending}
      problem={hold.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Field
        name="note"
        label={t("till.holdNote")}
        value={note}
        onChange={setNote}
        autoFocus
        testId="hold-note"
      />
    </EntryDialog>
  );
}
