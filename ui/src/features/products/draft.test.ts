import { describe, expect, it } from "vitest";
import type { ProductDetails, ProductView } from "../../api/bindings";
import { newDraft, newUnit, toDetails, toDraft, unfinished, withoutUnit } from "./draft";

const PRODUCT: ProductDetails = {
  product_id: "p",
  code: "IG",
  name: "Indomie",
  description: "",
  variant: "",
  category_id: null,
  tax_class_id: "x",
  kind: "goods",
  base_unit: "pcs",
  weighed: false,
  serial_tracked: false,
  restriction: null,
  price_floor: null,
  last_cost: null,
  image_hash: null,
  units: [{ product_unit_id: "u1", unit: "box", factor: "40" }],
  barcodes: [
    { code: "111", unit: null },
    { code: "222", unit: "box" },
  ],
  prices: [
    { unit: null, min_qty: "0", unit_price: "3500" },
    { unit: "box", min_qty: "0", unit_price: "132000" },
  ],
  variants: [
    {
      product_id: "v",
      code: "IG-R",
      variant: "Red",
      barcodes: [{ code: "333", unit: "pack" }],
      unit_price: "3600",
    },
  ],
};

const draft = () => toDraft({ product: PRODUCT } as ProductView);

describe("a product in the form", () => {
  it("is saved as it was read when nothing is changed", () => {
    expect(toDetails(draft(), "other")).toEqual(PRODUCT);
  });

  it("keeps the barcodes and prices of a unit whose name is changed", () => {
    const now = draft();
    const renamed = { ...now, units: now.units.map((unit) => ({ ...unit, unit: "carton" })) };
    const saved = toDetails(renamed, "x");
    expect(saved.units?.[0]).toEqual({ product_unit_id: "u1", unit: "carton", factor: "40" });
    expect(saved.barcodes?.[1]).toEqual({ code: "222", unit: "carton" });
    expect(saved.prices?.[1]?.unit).toBe("carton");
  });

  it("loses the barcodes and prices of a unit that is removed: they are not those of a piece", () => {
    const now = draft();
    const saved = toDetails({ ...now, ...withoutUnit(now, "u1") }, "x");
    expect(saved.barcodes).toEqual([{ code: "111", unit: null }]);
    expect(saved.prices).toEqual([{ unit: null, min_qty: "0", unit_price: "3500" }]);
  });

  it("reads several barcodes of a variant, and keeps the unit of the known one", () => {
    const now = draft();
    const variants = now.variants.map((one) => ({ ...one, barcodes: "333, 444" }));
    expect(toDetails({ ...now, variants }, "x").variants?.[0]?.barcodes).toEqual([
      { code: "333", unit: "pack" },
      { code: "444", unit: null },
    ]);
  });

  it("is not sent while a figure is missing, so that no price is dropped unseen", () => {
    expect(unfinished(newDraft()).prices).toBe(true);
    expect(unfinished({ ...newDraft(), prices: [] }).prices).toBe(false);
    expect(unfinished({ ...newDraft(), units: [newUnit()] }).units).toBe(true);
    const now = draft();
    const emptied = now.variants.map((one) => ({ ...one, unit_price: null }));
    expect(unfinished({ ...now, variants: emptied }).variants).toBe(true);
  });

  it("takes the usual tax class while nobody has chosen one", () => {
    expect(toDetails(newDraft(), "usual").tax_class_id).toBe("usual");
    expect(toDetails({ ...newDraft(), tax_class_id: "own" }, "usual").tax_class_id).toBe("own");
  });
});
