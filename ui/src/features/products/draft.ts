// A product while it is edited. Barcodes and prices name their unit by a key of the form, because
// its name may be changed under them; the program takes names.
import type {
  BarcodeDetails,
  ProductDetails,
  ProductKind,
  ProductView,
  Restriction,
} from "../../api/bindings";
import { newId } from "../../api/ids";

/** The unit that stock is kept in, as the rows of the form name it. */
export const BASE = "base";

export interface UnitDraft {
  key: string;
  product_unit_id: string | null;
  unit: string;
  factor: string | null;
}

export interface BarcodeDraft {
  key: string;
  code: string;
  unit: string;
}

export interface PriceDraft {
  key: string;
  unit: string;
  min_qty: string | null;
  unit_price: string | null;
}

export interface VariantDraft {
  key: string;
  product_id: string | null;
  code: string;
  variant: string;
  /** One or more, with spaces between them. */
  barcodes: string;
  /** Those it had: they keep the unit they mean. */
  known: BarcodeDetails[];
  unit_price: string | null;
  /** A price it had is kept when the field is emptied: nothing is emptied by mistake. */
  had_price: boolean;
}

export interface Draft {
  product_id: string | null;
  code: string;
  name: string;
  description: string;
  variant: string;
  category_id: string | null;
  tax_class_id: string | null;
  kind: ProductKind;
  base_unit: string;
  weighed: boolean;
  serial_tracked: boolean;
  restriction: Restriction | null;
  price_floor: string | null;
  last_cost: string | null;
  image_hash: string | null;
  units: UnitDraft[];
  barcodes: BarcodeDraft[];
  prices: PriceDraft[];
  variants: VariantDraft[];
}

export function newPrice(unit = BASE): PriceDraft {
  return { key: newId(), unit, min_qty: "0", unit_price: null };
}

export function newUnit(): UnitDraft {
  return { key: newId(), product_unit_id: null, unit: "", factor: null };
}

export function newBarcode(code = ""): BarcodeDraft {
  return { key: newId(), code, unit: BASE };
}

export function newVariant(): VariantDraft {
  return {
    key: newId(),
    product_id: null,
    code: "",
    variant: "",
    barcodes: "",
    known: [],
    unit_price: null,
    had_price: false,
  };
}

/** An empty form: one price to fill in, and nothing else that must be. */
export function newDraft(): Draft {
  return {
    product_id: null,
    code: "",
    name: "",
    description: "",
    variant: "",
    category_id: null,
    tax_class_id: null,
    kind: "goods",
    base_unit: "pcs",
    weighed: false,
    serial_tracked: false,
    restriction: null,
    price_floor: null,
    last_cost: null,
    image_hash: null,
    units: [],
    barcodes: [],
    prices: [newPrice()],
    variants: [],
  };
}

export function toDraft({ product }: ProductView): Draft {
  const units = (product.units ?? []).map((unit) => ({
    key: unit.product_unit_id ?? newId(),
    product_unit_id: unit.product_unit_id ?? null,
    unit: unit.unit,
    factor: unit.factor,
  }));
  const keyOf = (name: string | null | undefined) =>
    units.find((unit) => unit.unit === name)?.key ?? BASE;
  return {
    product_id: product.product_id ?? null,
    code: product.code ?? "",
    name: product.name,
    description: product.description ?? "",
    variant: product.variant ?? "",
    category_id: product.category_id ?? null,
    tax_class_id: product.tax_class_id,
    kind: product.kind ?? "goods",
    base_unit: product.base_unit,
    weighed: product.weighed ?? false,
    serial_tracked: product.serial_tracked ?? false,
    restriction: product.restriction ?? null,
    price_floor: product.price_floor ?? null,
    last_cost: product.last_cost ?? null,
    image_hash: product.image_hash ?? null,
    units,
    barcodes: (product.barcodes ?? []).map(({ code, unit }) => ({
      key: newId(),
      code,
      unit: keyOf(unit),
    })),
    prices: (product.prices ?? []).map(({ unit, min_qty, unit_price }) => ({
      key: newId(),
      unit: keyOf(unit),
      min_qty: min_qty ?? "0",
      unit_price,
    })),
    variants: (product.variants ?? []).map((variant) => ({
      key: variant.product_id ?? newId(),
      product_id: variant.product_id ?? null,
      code: variant.code ?? "",
      variant: variant.variant,
      barcodes: (variant.barcodes ?? []).map(({ code }) => code).join(" "),
      known: variant.barcodes ?? [],
      unit_price: variant.unit_price ?? null,
      had_price: (variant.unit_price ?? null) !== null,
    })),
  };
}

/** Without a unit, and without the barcodes and prices that mean it: they would mean another one. */
export function withoutUnit(
  draft: Draft,
  key: string,
): Pick<Draft, "units" | "barcodes" | "prices"> {
  return {
    units: draft.units.filter((unit) => unit.key !== key),
    barcodes: draft.barcodes.filter((barcode) => barcode.unit !== key),
    prices: draft.prices.filter((price) => price.unit !== key),
  };
}

/** Rows that cannot be sent: a figure is missing or is no number. */
export function unfinished(draft: Draft): { units: boolean; prices: boolean; variants: boolean } {
  return {
    units: draft.units.some((unit) => unit.unit.trim() === "" || unit.factor === null),
    prices: draft.prices.some((price) => price.unit_price === null || price.min_qty === null),
    variants: draft.variants.some(
      (variant) =>
        variant.variant.trim() === "" || (variant.had_price && variant.unit_price === null),
    ),
  };
}

function codesOf(variant: VariantDraft): BarcodeDetails[] {
  const codes = variant.barcodes.split(/[\s,;]+/).filter(Boolean);
  return codes.map((code) => ({
    code,
    unit: variant.known.find((known) => known.code === code)?.unit ?? null,
  }));
}

/** As the program takes it. `taxClass` is what the form shows while nobody has chosen. */
export function toDetails(draft: Draft, taxClass: string): ProductDetails {
  const nameOf = (key: string) => draft.units.find((unit) => unit.key === key)?.unit.trim() ?? null;
  return {
    product_id: draft.product_id,
    code: draft.code.trim(),
    name: draft.name.trim(),
    description: draft.description.trim(),
    variant: draft.variant.trim(),
    category_id: draft.category_id,
    tax_class_id: draft.tax_class_id ?? taxClass,
    kind: draft.kind,
    base_unit: draft.base_unit.trim(),
    weighed: draft.weighed,
    serial_tracked: draft.serial_tracked,
    restriction: draft.restriction,
    price_floor: draft.price_floor,
    last_cost: draft.last_cost,
    image_hash: draft.image_hash,
    units: draft.units.map(({ product_unit_id, unit, factor }) => ({
      product_unit_id,
      unit: unit.trim(),
      factor: factor ?? "",
    })),
    barcodes: draft.barcodes
      .filter(({ code }) => code.trim() !== "")
      .map(({ code, unit }) => ({ code: code.trim(), unit: nameOf(unit) })),
    prices: draft.prices.map(({ unit, min_qty, unit_price }) => ({
      unit: nameOf(unit),
      min_qty: min_qty ?? "0",
      unit_price: unit_price ?? "",
    })),
    variants: draft.variants.map((variant) => ({
      product_id: variant.product_id,
      code: variant.code.trim(),
      variant: variant.variant.trim(),
      barcodes: codesOf(variant),
      unit_price: variant.unit_price,
    })),
  };
}
