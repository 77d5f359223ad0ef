import { describe, expect, it } from "vitest";
import { isShown, readValue } from "./history";

describe("what was changed of a product", () => {
  it.each([
    ["unit_price", 35_000_000, { decimal: "3500" }],
    ["last_cost", 29_155_000, { decimal: "2915.5" }],
    ["min_qty", 0, { decimal: "0" }],
    ["factor", 40_000_000, { decimal: "40" }],
    ["factor", 250_000, { decimal: "0.25" }],
    ["archived", 1, { flag: true }],
    ["weighed", false, { flag: false }],
    ["name", "Tea", { text: "Tea" }],
    ["name", "", null],
    ["category_id", "01ab", null],
  ])("%s of %s is shown as %j", (field, kept, shown) => {
    expect(readValue(field, kept)).toEqual(shown);
  });

  it("shows no ids of rows", () => {
    expect(isShown("price_id")).toBe(false);
    expect(isShown("unit_price")).toBe(true);
  });
});
