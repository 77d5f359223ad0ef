import { useState } from "react";
import type { Receipt } from "../../../api/bindings";
import { useRead } from "../../../api/call";
import { DoneDialog } from "../pay/DoneDialog";
import { FindReceipt } from "./FindReceipt";
import { LooseReturn } from "./LooseReturn";
import { ReturnLines } from "./ReturnLines";

type Step =
  | { at: "find" }
  | { at: "lines"; sale: Receipt }
  | { at: "loose" }
  | { at: "done"; receipt: Receipt };

/** Goods come back: with their receipt, or by the stricter way without one. */
export default function ReturnDialog(props: { number: string; onClose: () => void }) {
  const { number, onClose } = props;
  const [step, setStep] = useState<Step>({ at: "find" });
  // Coming from a receipt on the screen, its number is known already.
  const given = useRead("pos.find_receipt", { number }, { enabled: number !== "" });
  const done = (receipt: Receipt) => setStep({ at: "done", receipt });
  switch (step.at) {
    case "find":
      if (given.data) return <ReturnLines sale={given.data} onDone={done} onClose={onClose} />;
      return (
        <FindReceipt
          onFound={(found) => setStep({ at: "lines", sale: found })}
          onLoose={() => setStep({ at: "loose" })}
          onClose={onClose}
        />
      );
    case "lines":
      return <ReturnLines sale={step.sale} onDone={done} onClose={onClose} />;
    case "loose":
      return <LooseReturn onDone={done} onClose={onClose} />;
    case "done":
      return <DoneDialog receipt={step.receipt} onClose={onClose} />;
  }
}
