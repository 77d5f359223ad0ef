import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CashMovementKind } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { EntryDialog, Field, MoneyField, useToast } from "../../components";
import { ReasonField } from "../../parts/ReasonField";

const TITLES = {
  cash_in: "sessions.cashIn",
  cash_out: "sessions.cashOut",
  drop: "sessions.cashDrop",
} as const;

/** Cash in, cash out or a drop to the safe: a document with a reason, and a slip. */
export function CashDialog(props: { kind: CashMovementKind; onClose: () => void }) {
  const { kind, onClose } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const [amount, setAmount] = useState<number | null>(null);
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const move = useWrite("pos.cash_movement");
  const print = useWrite("print.document");
  const confirm = () => {
    if (amount === null) return;
    move.mutate(
      { kind, amount, reason: reason.trim(), note: note.trim() },
      {
        onSuccess: ({ number, cash_movement_id }) => {
          toast.say(t("sessions.moved", { number }));
          print.mutate(
            { paper: { kind: "cash_movement", cash_movement_id } },
            { onError: toast.fail },
          );
          onClose();
        },
      },
    );
  };
  return (
    <EntryDialog
      title={t(TITLES[kind])}
      isReady={amount !== null && reason.trim() !== ""}
      isPending={move.isPending}
      problem={move.error}
      onConfirm={confirm}
      onClose={onClose}
      confirmTestId="cash-confirm"
    >
      <MoneyField
        name="amount"
        label={t("till.amount")}
        value={amount}
        onChange={setAmount}
        autoFocus
        testId="cash-amount"
      />
      <ReasonField
        kind={kind === "drop" ? "cash_drop" : kind}
        value={reason}
        onChange={setReason}
        testId="cash-reason"
      />
      <Field name="note" label={t("common.note")} value={note} onChange={setNote} />
    </EntryDialog>
  );
}
