import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Credit, CustomerFound } from "../../../api/bindings";
import { useRead } from "../../../api/call";
import { Dialog, EntryDialog, Field, Loaded, Money, MoneyField } from "../../../components";
import { selectAll } from "../dialogs/QtyDialog";

interface DebtAmountProps {
  customer: CustomerFound;
  onAsk: (asked: { amount: number; note: string }) => void;
  onClose: () => void;
}

/** What the customer owes, and how much of it they pay now: all of it unless said otherwise. */
export function DebtAmount(props: DebtAmountProps) {
  const { customer, onClose } = props;
  const credit = useRead("customers.credit", { customer_id: customer.customer_id });
  if (credit.data) return <Ask {...props} credit={credit.data} />;
  return (
    <Dialog title={customer.name} onClose={onClose} size="small" touch>
      <Loaded query={credit} rows={2}>
        {() => null}
      </Loaded>
    </Dialog>
  );
}

function Ask({ customer, credit, onAsk, onClose }: DebtAmountProps & { credit: Credit }) {
  const { t } = useTranslation();
  const owes = Math.max(0, credit.balance);
  const [amount, setAmount] = useState<number | null>(owes);
  const [note, setNote] = useState("");
  return (
    <EntryDialog
      title={customer.name}
      confirmLabel={t("till.key.pay")}
      confirmTestId="debt-pay"
      isReady={amount !== null && amount > 0}
      onConfirm={() => amount !== null && onAsk({ amount, note: note.trim() })}
      onClose={onClose}
    >
      <p data-testid="debt-owed">
        {owes > 0 ? (
          <>
            {t("till.debtOwed")} <Money value={owes} symbol />
          </>
        ) : (
          t("till.debtNone")
        )}
      </p>
      {credit.overdue > 0 && (
        <p>
          {t("till.debtOverdue")} <Money value={credit.overdue} symbol />
        </p>
      )}
      <MoneyField
        name="amount"
        label={t("till.debtAmount")}
        value={amount}
        onChange={setAmount}
        isDisabled={owes === 0}
        autoFocus
        onFocus={selectAll}
        testId="debt-amount"
      />
      <Field name="note" label={t("common.note")} value={note} onChange={setNote} />
    </EntryDialog>
  );
}
