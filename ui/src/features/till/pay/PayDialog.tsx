import { useState } from "react";
import type { Receipt } from "../../../api/bindings";
import type { TillDialogProps } from "../Dialogs";
import { DoneDialog } from "./DoneDialog";
import { TakeMoney } from "./TakeMoney";

/** Taking the money, then the receipt: one dialog, so that no key falls between the two. */
export function PayDialog({ open, onClose }: TillDialogProps) {
  const [receipt, setReceipt] = useState<Receipt | null>(null);
  const { ticket, quote } = open;
  if (receipt) return <DoneDialog receipt={receipt} onClose={onClose} />;
  if (!ticket || !quote) return null;
  return (
    <TakeMoney
      ticket={ticket}
      quote={quote}
      onSold={(sold) => {
        setReceipt(sold);
        open.show(null);
      }}
      onClose={onClose}
    />
  );
}
