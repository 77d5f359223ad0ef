import { useState } from "react";
import { useCurrency, useLocale } from "./currency";
import { Field, type FieldProps } from "./Field";
import { decimalForField, moneyForField, readDecimal, readMoney, shiftPoint } from "./numbers";

type Own = Omit<FieldProps, "value" | "onChange" | "numeric" | "type">;

/** Keeps what is being typed; hands out only what it means. */
function useTyped<T>(
  value: T | null,
  write: (value: T) => string,
  readBack: (typed: string) => T | null,
  onChange: (value: T | null) => void,
) {
  const [typed, setTyped] = useState({ text: value === null ? "" : write(value), value });
  // The value was changed from outside (a key such as "exact amount"): show it.
  const text = typed.value === value ? typed.text : value === null ? "" : write(value);
  const change = (next: string) => {
    const meaning = readBack(next);
    setTyped({ text: next, value: meaning });
    onChange(meaning);
  };
  return { text, change, unreadable: text.trim() !== "" && readBack(text) === null };
}

export interface MoneyFieldProps extends Own {
  /** Minor units; null while empty or not a number. */
  value: number | null;
  onChange: (minor: number | null) => void;
}

export function MoneyField({ value, onChange, ...rest }: MoneyFieldProps) {
  const currency = useCurrency();
  const locale = useLocale();
  const field = useTyped(
    value,
    (minor) => moneyForField(minor, currency.digits, locale),
    (typed) => readMoney(typed, currency.digits, locale),
    onChange,
  );
  return (
    <Field
      {...rest}
      numeric
      inputMode="decimal"
      value={field.text}
      onChange={field.change}
      isInvalid={field.unreadable || rest.isInvalid}
    />
  );
}

export interface DecimalFieldProps extends Own {
  /** A decimal with a point, as text; null while empty or not a number. */
  value: string | null;
  onChange: (value: string | null) => void;
}

function DecimalField({
  value,
  onChange,
  places = 0,
  ...rest
}: DecimalFieldProps & { places?: number }) {
  const locale = useLocale();
  const field = useTyped(
    value,
    (decimal) => decimalForField(shiftPoint(decimal, places), locale),
    (typed) => {
      const decimal = readDecimal(typed, locale);
      return decimal === null ? null : shiftPoint(decimal, -places);
    },
    onChange,
  );
  return (
    <Field
      {...rest}
      numeric
      inputMode="decimal"
      value={field.text}
      onChange={field.change}
      isInvalid={field.unreadable || rest.isInvalid}
    />
  );
}

export function QtyField({ unit, ...rest }: DecimalFieldProps & { unit?: string }) {
  return <DecimalField {...rest} after={unit ?? rest.after} />;
}

/** A price of one unit: more digits than the currency has are allowed. */
export function UnitPriceField(props: DecimalFieldProps) {
  return <DecimalField {...props} />;
}

/** A rate, typed and shown in per cent: 11 is handed out as `"0.11"`. */
export function RateField(props: DecimalFieldProps) {
  return <DecimalField {...props} places={2} after="%" />;
}
