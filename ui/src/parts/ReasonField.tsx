import { useTranslation } from "react-i18next";
import { useRead } from "../api/call";
import { Button, Field } from "../components";
import css from "./ReasonField.module.css";

export type ReasonKind =
  | "return"
  | "void"
  | "price"
  | "cash_in"
  | "cash_out"
  | "cash_drop"
  | "no_sale"
  | "over_short"
  | "stock";

/** Why: typed, or one of the shop's usual reasons with one touch. */
export function ReasonField(props: {
  kind: ReasonKind;
  label?: string;
  value: string;
  onChange: (reason: string) => void;
  autoFocus?: boolean;
  testId?: string;
}) {
  const { kind, label, value, onChange, autoFocus, testId } = props;
  const { t } = useTranslation();
  const usual = useRead("catalogue.reasons", { kind });
  return (
    <div className={css.reason}>
      <Field
        name="reason"
        label={label ?? t("common.reason")}
        value={value}
        onChange={onChange}
        autoFocus={autoFocus ?? false}
        {...(testId ? { testId } : {})}
      />
      <div className={css.usual}>
        {usual.data?.map((reason) => (
          <Button
            key={reason.reason_id}
            size="small"
            excludeFromTabOrder
            onPress={() => onChange(reason.text)}
          >
            {reason.text}
          </Button>
        ))}
      </div>
    </div>
  );
}
