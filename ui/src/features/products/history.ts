// What the audit trail keeps of a product, as a person reads it.
import { shiftPoint } from "../../components/numbers";

/** Prices are kept in ten-thousandths, quantities in millionths: whole numbers in the books. */
const DECIMALS: Record<string, number> = {
  factor: 6,
  last_cost: 4,
  min_qty: 6,
  price_floor: 4,
  unit_price: 4,
};

/** Columns that only name other rows: what they mean is shown elsewhere or says nothing. */
const HIDDEN = ["barcode_id", "price_id", "product_id", "import_id", "variant_of"];

const FLAGS = ["archived", "serial_tracked", "weighed"];

const NAMES = ["category_id", "tax_class_id", "price_list_id", "product_unit_id", "image_hash"];

export function isShown(field: string): boolean {
  return !HIDDEN.includes(field);
}

/** The value as a decimal or as text; null where there is none or where only an id is known. */
export function readValue(
  field: string,
  value: unknown,
): { decimal: string } | { text: string } | { flag: boolean } | null {
  if (value === null || value === undefined || value === "" || NAMES.includes(field)) return null;
  const places = DECIMALS[field];
  if (places !== undefined && /^-?\d+$/.test(String(value))) {
    const decimal = shiftPoint(String(value), -places);
    return { decimal: decimal.replace(/\.?0+$/, "") || "0" };
  }
  if (FLAGS.includes(field)) return { flag: value === true || value === 1 };
  return { text: String(value) };
}
