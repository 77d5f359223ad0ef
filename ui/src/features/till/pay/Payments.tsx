import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Payment } from "../../../api/bindings";
import { IconButton, Money } from "../../../components";
import css from "./TakeMoney.module.css";

/** What was handed over so far; each can be taken back until the sale is stored. */
export function Payments(props: {
  payments: readonly Payment[];
  isFixed: boolean;
  onRemove: (at: number) => void;
}) {
  const { payments, isFixed, onRemove } = props;
  const { t } = useTranslation();
  return (
    <ul className={css.payments}>
      {payments.map((payment, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a payment is its place in the list
        <li key={at}>
          <span>
            {t(`till.tender.${payment.kind}`)}
            {payment.reference && <small> {payment.reference}</small>}
          </span>
          <Money value={payment.amount} />
          <IconButton
            label={t("till.tenderRemove", { kind: t(`till.tender.${payment.kind}`) })}
            icon={<X />}
            isDisabled={isFixed}
            onPress={() => onRemove(at)}
          />
        </li>
      ))}
    </ul>
  );
}
