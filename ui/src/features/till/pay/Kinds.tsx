import { useTranslation } from "react-i18next";
import type { TenderKind } from "../../../api/bindings";
import { Button } from "../../../components";
import css from "./TakeMoney.module.css";

const KINDS: TenderKind[] = ["cash", "card", "qr", "transfer", "store_credit", "on_account"];

/** How this part is paid. On account only for a customer who is named. */
export function Kinds(props: {
  kind: TenderKind;
  hasCustomer: boolean;
  onChoose: (kind: TenderKind) => void;
}) {
  const { kind, hasCustomer, onChoose } = props;
  const { t } = useTranslation();
  return (
    <div className={css.kinds}>
      {KINDS.map((one) => (
        <Button
          key={one}
          aria-pressed={one === kind}
          tone={one === kind ? "accent" : "plain"}
          isDisabled={one === "on_account" && !hasCustomer}
          onPress={() => onChoose(one)}
          testId={`tender-${one}`}
        >
          {t(`till.tender.${one}`)}
        </Button>
      ))}
    </div>
  );
}
