// Amounts as text. Nothing here adds, multiplies or rounds: digits are moved, never computed.

/** The currency of an amount: its code and how many digits of it are minor units. */
export interface CurrencyInfo {
  code: string;
  digits: number;
}

function grouping(locale: string): { decimal: string; group: string } {
  const parts = new Intl.NumberFormat(locale).formatToParts(1234567.5);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return { decimal: of("decimal") || ".", group: of("group") };
}

/** Moves the decimal point: `("1250", -2)` is `"12.50"`, `("0.11", 2)` is `"11"`. */
export function shiftPoint(text: string, places: number): string {
  const negative = text.startsWith("-");
  const [whole = "", fraction = ""] = text.replace("-", "").split(".");
  let digits = whole + fraction;
  let point = whole.length + places;
  if (point <= 0) {
    digits = "0".repeat(1 - point) + digits;
    point = 1;
  }
  digits = digits.padEnd(point, "0");
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, "");
  const right = digits.slice(point);
  return `${negative ? "-" : ""}${left}${right ? `.${right}` : ""}`;
}

/** `1250` minor units of a currency with two digits is `"12.50"`. */
export function minorToDecimal(minor: number, digits: number): string {
  return shiftPoint(String(minor), -digits);
}

type Exact = Intl.StringNumericLiteral;

/** An amount for people: `Rp 12.500`, or `12.500` without the symbol. */
export function formatMoney(
  minor: number,
  currency: CurrencyInfo,
  locale: string,
  symbol = true,
): string {
  const style: Intl.NumberFormatOptions = symbol
    ? { style: "currency", currency: currency.code, currencyDisplay: "narrowSymbol" }
    : {};
  const format = new Intl.NumberFormat(locale, {
    ...style,
    minimumFractionDigits: currency.digits,
    maximumFractionDigits: currency.digits,
  });
  return format.format(minorToDecimal(minor, currency.digits) as Exact).replace("-", "−");
}

/** A decimal as it comes from the program, with the separators of the reader's language. */
export function formatDecimal(value: string, locale: string, leastDigits = 0): string {
  const format = new Intl.NumberFormat(locale, {
    minimumFractionDigits: leastDigits,
    maximumFractionDigits: 6,
  });
  return format.format(value as Exact).replace("-", "−");
}

/** `"0.11"` is `11%` (`11 %` in some languages). */
export function formatRate(value: string, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 4 });
  return format.format(value as Exact);
}

/** What a person typed, as a plain decimal with a point; null when it is not a number. */
export function readDecimal(typed: string, locale: string): string | null {
  const { decimal, group } = grouping(locale);
  let text = typed.trim().replace("−", "-").replace(/\s/g, "");
  if (text === "") return null;
  const looksForeign = decimal === "," && /^-?\d+\.\d{1,2}$/.test(text) && !text.includes(",");
  if (!looksForeign) {
    if (group.trim()) text = text.replaceAll(group, "");
    text = text.replace(decimal, ".");
  }
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text)) return null;
  if (text.startsWith(".")) text = `0${text}`;
  return text.endsWith(".") ? text.slice(0, -1) : text;
}

/** What a person typed, as minor units; null when it is no amount of this currency. */
export function readMoney(typed: string, digits: number, locale: string): number | null {
  const text = readDecimal(typed, locale);
  if (text === null) return null;
  const [, fraction = ""] = text.split(".");
  if (fraction.replace(/0+$/, "").length > digits) return null;
  const minor = Number(shiftPoint(text, digits).split(".")[0]);
  return Number.isSafeInteger(minor) ? minor : null;
}

/** Minor units as a person would type them into a field. */
export function moneyForField(minor: number, digits: number, locale: string): string {
  const { decimal } = grouping(locale);
  return minorToDecimal(minor, digits).replace(".", decimal);
}

/** A decimal from the program as a person would type it into a field. */
export function decimalForField(value: string, locale: string): string {
  return value.replace(".", grouping(locale).decimal);
}
