import { useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Payment, Receipt, TenderKind } from "../../../api/bindings";
import { useWrite } from "../../../api/call";
import type { TillDialogProps } from "../Dialogs";
import { DoneDialog } from "./DoneDialog";
import { TakeMoney } from "./TakeMoney";

/** On account only for a customer who is named. */
const KINDS: TenderKind[] = ["cash", "card", "qr", "transfer", "store_credit", "on_account"];

/**
 * Taking the money, then the receipt: one dialog, so that no key falls between the two. It opens
 * at once, also while the last scan is still being priced: what is typed meanwhile is not lost.
 */
export function PayDialog({ open, onClose }: TillDialogProps) {
  const { t } = useTranslation();
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const complete = useWrite("pos.complete");
  const { ticket, quote, problem, isBusy } = open;
  const isNothing = !isBusy && receipt === null && (ticket === null || ticket.lines.length === 0);
  // Nothing came of the scan it waited for: there is nothing to pay.
  const leave = useEffectEvent(onClose);
  useEffect(() => {
    if (isNothing) leave();
  }, [isNothing]);
  if (receipt) return <DoneDialog receipt={receipt} onClose={onClose} />;
  const priced = isBusy ? undefined : quote;
  const finish = (payments: Payment[], refocus: () => void) => {
    if (!ticket || !priced) return;
    complete.mutate(
      { ticket, payments, expected_total: priced.total },
      {
        onSuccess: (sold) => {
          setReceipt(sold);
          open.show(null);
        },
        onError: refocus,
      },
    );
  };
  return (
    <TakeMoney
      title={t("till.payTitle")}
      owed={priced}
      kinds={KINDS}
      offKinds={ticket?.customer_id ? [] : ["on_account"]}
      problem={problem ?? complete.error}
      isPending={complete.isPending}
      onFinish={finish}
      onClose={onClose}
    />
  );
}
