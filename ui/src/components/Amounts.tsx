import { useCurrency, useLocale } from "./currency";
import {
  type CurrencyInfo,
  formatDecimal,
  formatMoney,
  formatRate,
  moneyForField,
} from "./numbers";

/** An amount in minor units: `<Money value={12500} />`. */
export function Money(props: { value: number; symbol?: boolean; currency?: CurrencyInfo }) {
  const { value, symbol = false } = props;
  const own = useCurrency();
  const locale = useLocale();
  return <>{formatMoney(value, props.currency ?? own, locale, symbol)}</>;
}

/** A price of one unit, as its decimal text: at least the digits of the currency. */
export function UnitPrice({ value }: { value: string }) {
  const { digits } = useCurrency();
  return <>{formatDecimal(value, useLocale(), digits)}</>;
}

/** A quantity, as its decimal text. */
export function Qty({ value, unit }: { value: string; unit?: string | undefined }) {
  const text = formatDecimal(value, useLocale());
  return <>{unit ? `${text} ${unit}` : text}</>;
}

/** A rate: `"0.11"` is shown as 11%. */
export function Rate({ value }: { value: string }) {
  return <>{formatRate(value, useLocale())}</>;
}

/** Amounts as words inside a sentence, where an element cannot stand. */
export function useFormat() {
  const currency = useCurrency();
  const locale = useLocale();
  return {
    money: (value: number) => formatMoney(value, currency, locale),
    /** An amount that need not be of the company's currency. */
    moneyOf: (value: number, of: CurrencyInfo) => formatMoney(value, of, locale),
    /** As a person would type it: no symbol, no grouping. */
    typed: (value: number) => moneyForField(value, currency.digits, locale),
    qty: (value: string) => formatDecimal(value, locale),
    rate: (value: string) => formatRate(value, locale),
    dateTime: (ms: number) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(ms),
    time: (ms: number) => new Intl.DateTimeFormat(locale, { timeStyle: "short" }).format(ms),
    /** A business date, `2026-11-20`, is a day and not a moment: no time zone may move it. */
    date: (day: string) =>
      new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" }).format(
        new Date(`${day}T00:00:00Z`),
      ),
  };
}
