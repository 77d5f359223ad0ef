// How a column of a changed row is written for a person. Stored figures are whole numbers of a
// small part; only the point is moved here, nothing is computed.
import { shiftPoint } from "../../components/numbers";

const YES_NO = [
  "archived",
  "weighed",
  "serial_tracked",
  "blocked",
  "tax_inclusive",
  "is_default",
  "control",
];

/** Columns that hold figures, and how many digits stand after their point. */
const PLACES: Record<string, number> = {
  factor: 6,
  last_cost: 4,
  min_qty: 6,
  price_floor: 4,
  rate: 6,
  unit_price: 4,
};

const MONEY = ["credit_limit"];
const SECRET = ["pin_hash"];
const ID = /^[0-9a-f]{32}$/;

export type Shown =
  | { kind: "nothing" }
  | { kind: "secret" }
  | { kind: "yes" | "no" }
  | { kind: "money"; minor: number }
  | { kind: "decimal"; text: string }
  | { kind: "list"; items: string[] }
  | { kind: "id" | "text"; text: string };

/** What a value of this column is. */
export function show(field: string, value: unknown): Shown {
  if (SECRET.includes(field)) return { kind: "secret" };
  if (value === null || value === undefined || value === "") return { kind: "nothing" };
  if (YES_NO.includes(field)) return { kind: value === 1 || value === true ? "yes" : "no" };
  if (typeof value === "number" && MONEY.includes(field)) return { kind: "money", minor: value };
  const places = PLACES[field];
  if (typeof value === "number" && places !== undefined) {
    return { kind: "decimal", text: trimmed(shiftPoint(String(value), -places)) };
  }
  if (typeof value !== "string") return { kind: "text", text: JSON.stringify(value) };
  if (ID.test(value)) return { kind: "id", text: `…${value.slice(-6)}` };
  const items = asList(value);
  return items ? { kind: "list", items } : { kind: "text", text: value };
}

function trimmed(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

/** A column that holds a JSON array or object, as its parts. */
function asList(text: string): string[] | null {
  if (!text.startsWith("[") && !text.startsWith("{")) return null;
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed.map(word);
    if (typeof parsed !== "object" || parsed === null) return null;
    return Object.entries(parsed).map(
      ([name, part]) => `${name.replaceAll("_", " ")}: ${word(part)}`,
    );
  } catch {
    return null;
  }
}

function word(part: unknown): string {
  return typeof part === "string" ? part : JSON.stringify(part);
}
