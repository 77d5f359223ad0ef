import { useEffect, useEffectEvent, useState } from "react";
import type { Receipt } from "../../../api/bindings";
import type { TillDialogProps } from "../Dialogs";
import { DoneDialog } from "./DoneDialog";
import { TakeMoney } from "./TakeMoney";

/**
 * Taking the money, then the receipt: one dialog, so that no key falls between the two. It opens
 * at once, also while the last scan is still being priced: what is typed meanwhile is not lost.
 */
export function PayDialog({ open, onClose }: TillDialogProps) {
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const { ticket, quote, problem, isBusy } = open;
  const isNothing = !isBusy && receipt === null && (ticket === null || ticket.lines.length === 0);
  // Nothing came of the scan it waited for: there is nothing to pay.
  const leave = useEffectEvent(onClose);
  useEffect(() => {
    if (isNothing) leave();
  }, [isNothing]);
  if (receipt) return <DoneDialog receipt={receipt} onClose={onClose} />;
  return (
    <TakeMoney
      ticket={ticket}
      quote={isBusy ? undefined : quote}
      problem={problem}
      onSold={(sold) => {
        setReceipt(sold);
        open.show(null);
      }}
      onClose={onClose}
    />
  );
}
