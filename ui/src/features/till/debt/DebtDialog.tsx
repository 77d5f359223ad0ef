import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountPayment, CustomerFound, Payment, TenderKind } from "../../../api/bindings";
import { useWrite } from "../../../api/call";
import { newId } from "../../../api/ids";
import { Dialog } from "../../../components";
import { CustomerChoices } from "../dialogs/CustomerChoices";
import { TakeMoney } from "../pay/TakeMoney";
import { DebtAmount } from "./DebtAmount";
import { DebtPaid } from "./DebtPaid";

/** A debt is paid with money: credit slips and new debts pay none. */
const KINDS: TenderKind[] = ["cash", "card", "qr", "transfer"];

/** A customer pays what they owe: who, how much of it, the money, the slip. */
export function DebtDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [paymentId] = useState(newId);
  const [customer, setCustomer] = useState<CustomerFound | null>(null);
  const [asked, setAsked] = useState<{ amount: number; note: string } | null>(null);
  const [paid, setPaid] = useState<AccountPayment | null>(null);
  const pay = useWrite("pos.pay_account");
  if (paid) return <DebtPaid paid={paid} onClose={onClose} />;
  if (!customer) {
    return (
      <Dialog title={t("till.debtTitle")} onClose={onClose} touch testId="debt-customer">
        <CustomerChoices onChoose={setCustomer} />
      </Dialog>
    );
  }
  if (!asked) return <DebtAmount customer={customer} onAsk={setAsked} onClose={onClose} />;
  const finish = (payments: Payment[], refocus: () => void) => {
    const { customer_id } = customer;
    pay.mutate(
      { payment_id: paymentId, customer_id, payments, ...asked },
      { onSuccess: setPaid, onError: refocus },
    );
  };
  return (
    <TakeMoney
      title={t("till.debtOf", { name: customer.name })}
      owed={{ total: asked.amount, quick_cash: [] }}
      kinds={KINDS}
      problem={pay.error}
      isPending={pay.isPending}
      onFinish={finish}
      onClose={onClose}
    />
  );
}
