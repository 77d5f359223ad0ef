import { lazy, Suspense } from "react";
import type { QuotedLine } from "../../api/bindings";
import { DebtDialog } from "./debt/DebtDialog";
import { CustomerDialog } from "./dialogs/CustomerDialog";
import { DiscountDialog } from "./dialogs/DiscountDialog";
import { HelpDialog } from "./dialogs/HelpDialog";
import { HoldDialog } from "./dialogs/HoldDialog";
import { NoSaleDialog } from "./dialogs/NoSaleDialog";
import { NoteDialog } from "./dialogs/NoteDialog";
import { PriceDialog } from "./dialogs/PriceDialog";
import { QtyDialog } from "./dialogs/QtyDialog";
import { RecallDialog } from "./dialogs/RecallDialog";
import { SerialDialog } from "./dialogs/SerialDialog";
import { UnitDialog } from "./dialogs/UnitDialog";
import { VoidTicketDialog } from "./dialogs/VoidTicketDialog";
import { PayDialog } from "./pay/PayDialog";
import type { OpenTicket } from "./useTicket";
import type { TillKey } from "./useTillKeys";

const ReturnDialog = lazy(() => import("./returns/ReturnDialog"));

export type DialogName = Exclude<TillKey, "search" | "up" | "down" | "more" | "less" | "remove">;

export interface TillDialogProps {
  open: OpenTicket;
  /** The receipt that is to come back, when it was chosen elsewhere. */
  returning?: string;
  onClose: () => void;
}

export interface LineDialogProps extends TillDialogProps {
  line: QuotedLine;
}

/** The dialog a key of the till opens. */
export function Dialogs(
  props: TillDialogProps & { name: DialogName; line: QuotedLine | undefined },
) {
  const { name, line, ...rest } = props;
  switch (name) {
    case "qty":
      return line ? <QtyDialog {...rest} line={line} /> : null;
    case "unit":
      return line ? <UnitDialog {...rest} line={line} /> : null;
    case "serial":
      return line ? <SerialDialog key={line.line_id} {...rest} line={line} /> : null;
    case "price":
      return line ? <PriceDialog {...rest} line={line} /> : null;
    case "discountLine":
      return line ? <DiscountDialog {...rest} line={line} /> : null;
    case "discountTicket":
      return <DiscountDialog {...rest} />;
    case "note":
      return <NoteDialog {...rest} line={line} />;
    case "customer":
      return <CustomerDialog {...rest} />;
    case "hold":
      return <HoldDialog {...rest} />;
    case "recall":
      return <RecallDialog {...rest} />;
    case "voidTicket":
      return <VoidTicketDialog {...rest} />;
    case "noSale":
      return <NoSaleDialog onClose={rest.onClose} />;
    case "help":
      return <HelpDialog onClose={rest.onClose} />;
    case "pay":
      return <PayDialog {...rest} />;
    case "debt":
      return <DebtDialog onClose={rest.onClose} />;
    case "return":
      return (
        <Suspense fallback={null}>
          <ReturnDialog number={rest.returning ?? ""} onClose={rest.onClose} />
        </Suspense>
      );
  }
}
