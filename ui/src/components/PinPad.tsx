import { Delete } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./Button";
import { Field } from "./Field";
import css from "./PinPad.module.css";

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
const PIN_MAX = 12;

/** A PIN by finger or by keyboard. Enter submits; the digits are never shown. */
export function PinPad(props: {
  label: string;
  value: string;
  onChange: (pin: string) => void;
  onSubmit: () => void;
  error?: string | undefined;
  isPending?: boolean;
  submitLabel: string;
  inputTestId: string;
  submitTestId: string;
  autoFocus?: boolean;
  inputRef?: React.Ref<HTMLInputElement>;
}) {
  const { t } = useTranslation();
  const { label, value, onChange, onSubmit, error, isPending = false } = props;
  const set = (pin: string) => onChange(pin.replace(/\D/g, "").slice(0, PIN_MAX));
  return (
    <div className={css.pad}>
      <Field
        label={label}
        type="password"
        inputMode="numeric"
        value={value}
        onChange={set}
        onKeyDown={(event) => {
          if (event.key === "Enter") onSubmit();
        }}
        error={error}
        autoFocus={props.autoFocus ?? false}
        testId={props.inputTestId}
        {...(props.inputRef ? { inputRef: props.inputRef } : {})}
      />
      <div className={css.keys}>
        {DIGITS.map((digit) => (
          <Button key={digit} excludeFromTabOrder onPress={() => set(value + digit)}>
            {digit}
          </Button>
        ))}
        <IconButton
          tone="plain"
          label={t("common.deleteDigit")}
          icon={<Delete />}
          excludeFromTabOrder
          onPress={() => set(value.slice(0, -1))}
        />
        <Button excludeFromTabOrder onPress={() => set(`${value}0`)}>
          0
        </Button>
        <Button
          tone="accent"
          isDisabled={value.length === 0}
          isPending={isPending}
          onPress={onSubmit}
          testId={props.submitTestId}
        >
          {props.submitLabel}
        </Button>
      </div>
    </div>
  );
}
