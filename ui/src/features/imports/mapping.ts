// Which column is which field, while a person decides it. The program guesses and judges.
import type {
  DateOrder,
  DecimalSign,
  ImportKind,
  ImportOptions,
  Inspection,
  SalesRules,
} from "../../api/bindings";

/** The column of the file for each field that has one. */
export type Columns = Inspection["mapping"]["columns"];

export const KINDS: ImportKind[] = ["products", "customers", "sales"];

export function isKind(word: string | undefined): word is ImportKind {
  return KINDS.some((kind) => kind === word);
}

/** The columns of the mapping with a field given another column; null takes it away. */
export function withColumn(columns: Columns, field: string, column: string | null): Columns {
  const next = { ...columns };
  // A column is one field: given to another, it leaves the one that had it.
  for (const [other, taken] of Object.entries(next)) {
    if (taken === column) delete next[other];
  }
  if (column === null) delete next[field];
  else next[field] = column;
  return next;
}

/** Fields without which there is no import, and that have no column yet. */
export function missingFields(inspection: Inspection, columns: Columns): string[] {
  return inspection.fields
    .filter((field) => field.required && !(field.name in columns))
    .map((field) => field.name);
}

/** Columns of the file that no field takes. */
export function unusedColumns(inspection: Inspection, columns: Columns): string[] {
  const used = Object.values(columns);
  return inspection.columns.map(({ name }) => name).filter((name) => !used.includes(name));
}

/** What a person chose besides the columns. */
export interface Choices {
  existing: NonNullable<ImportOptions["existing"]>;
  leaveOutWrong: boolean;
  taxClassId: string | null;
  unit: string;
  decimal: DecimalSign | null;
  dates: DateOrder | null;
  returnPrefixes: string;
  serviceCodes: string;
  movesStock: boolean;
  setsPrices: boolean;
}

export const USUAL: Choices = {
  existing: "change",
  leaveOutWrong: false,
  taxClassId: null,
  unit: "",
  decimal: null,
  dates: null,
  returnPrefixes: "",
  serviceCodes: "",
  movesStock: true,
  setsPrices: true,
};

const USUAL_UNIT = "pcs";

/** "C, RET" is two beginnings. */
function words(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter(Boolean);
}

function rules(choices: Choices): SalesRules {
  return {
    return_prefixes: words(choices.returnPrefixes),
    correction_prefixes: [],
    service_codes: words(choices.serviceCodes),
    service_prefixes: [],
    unit: choices.unit.trim() || USUAL_UNIT,
    moves_stock: choices.movesStock,
    sets_prices: choices.setsPrices,
  };
}

/** The choices as the program takes them for this kind of file. */
export function toOptions(kind: ImportKind, choices: Choices): ImportOptions {
  const isProducts = kind === "products";
  return {
    existing: choices.existing,
    leave_out_wrong_rows: choices.leaveOutWrong,
    tax_class_id: isProducts ? choices.taxClassId : null,
    unit: isProducts ? choices.unit.trim() || null : null,
    sales: kind === "sales" ? rules(choices) : null,
  };
}
