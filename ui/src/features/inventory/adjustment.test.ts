import { describe, expect, it } from "vitest";
import { type AdjustLine, isWhole, signed, toAdjustment } from "./adjustment";

const LINE: AdjustLine = {
  key: "k",
  product_id: "p",
  name: "Tea",
  code: "T",
  unit: "pcs",
  status: "sellable",
  qty: "5",
  unit_cost: "1200",
};

describe("an adjustment of stock", () => {
  it.each([
    ["write_off", "5", "-5"],
    ["write_off", "-5", "-5"],
    ["opening", "5", "5"],
    ["opening", "-5", "5"],
    ["correction", "5", "5"],
    ["correction", "-0.25", "-0.25"],
  ] as const)("%s of %s is sent as %s", (kind, typed, sent) => {
    expect(signed(kind, typed)).toBe(sent);
  });

  it("sends a cost only with what comes in", () => {
    const cost = (kind: "correction" | "write_off", qty: string) =>
      toAdjustment(kind, " Counted ", "", [{ ...LINE, qty }]).lines[0]?.unit_cost;
    expect(cost("correction", "5")).toBe("1200");
    expect(cost("correction", "-5")).toBeNull();
    expect(cost("write_off", "5")).toBeNull();
  });

  it("has no line without a quantity", () => {
    expect(isWhole(LINE)).toBe(true);
    expect(isWhole({ ...LINE, qty: null })).toBe(false);
    expect(isWhole({ ...LINE, qty: "0.00" })).toBe(false);
  });
});
