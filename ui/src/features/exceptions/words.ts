import { useTranslation } from "react-i18next";
import type { Exception } from "../../api/bindings";
import { useFormat } from "../../components";

const AMOUNTS = ["owed", "limit", "balance", "total"];
const MOMENTS = ["sold_at", "held_at"];
const QUANTITIES = ["qty", "sold", "returned"];

/** An exception in the words of the trade. */
export function useWords() {
  const { t } = useTranslation();
  const format = useFormat();
  const fact = ([name, text]: [string, string | undefined]): [string, string] => {
    const value = text ?? "";
    if (AMOUNTS.includes(name)) return [name, format.money(Number(value))];
    if (MOMENTS.includes(name)) return [name, format.dateTime(Number(value))];
    if (QUANTITIES.includes(name)) return [name, format.qty(value)];
    return [name, value];
  };
  return {
    rule: (row: Exception) => t(`exceptions.rule.${row.rule}`),
    sentence: (row: Exception) => {
      const facts = Object.fromEntries(Object.entries(row.facts).map(fact));
      return t(`exceptions.sentence.${row.rule}`, { name: row.subject, ...facts });
    },
    owner: (row: Exception) =>
      t(`exceptions.role.${row.owner as "owner"}`, { defaultValue: row.owner }),
    where: (row: Exception) => row.branch || t("exceptions.wholeCompany"),
  };
}

/** Where the trouble is put right: the words of the button, and the address. */
export function remedy(row: Exception): { action: RemedyName; path: string[] } | null {
  const { product_id, customer_id, sale_id } = row.facts;
  if (row.rule === "negative_stock" && product_id) {
    return { action: "card", path: ["inventory", product_id] };
  }
  if (row.rule === "over_credit" && customer_id) {
    return { action: "customer", path: ["customers", customer_id] };
  }
  if (row.rule === "duplicate_code" || row.rule === "duplicate_barcode") {
    return { action: "products", path: ["products"] };
  }
  if (row.rule === "held_forgotten") return { action: "till", path: ["till"] };
  if (sale_id) return { action: "receipt", path: ["receipts", sale_id] };
  if (row.rule === "deferred") return { action: "support", path: ["backup"] };
  return null;
}

type RemedyName = "card" | "customer" | "products" | "receipt" | "support" | "till";
