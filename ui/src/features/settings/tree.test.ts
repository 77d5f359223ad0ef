import { describe, expect, it } from "vitest";
import { parentsFor, wayTo } from "./tree";

const category = (category_id: string, parent_id: string | null) => ({
  category_id,
  name: category_id.toUpperCase(),
  parent_id,
});
const ALL = [category("food", null), category("snacks", "food"), category("chips", "snacks")];

describe("categories inside of each other", () => {
  it("show the way to each", () => {
    expect(wayTo(ALL, category("chips", "snacks"))).toBe("FOOD › SNACKS › CHIPS");
    expect(wayTo(ALL, category("food", null))).toBe("FOOD");
  });

  it("cannot be put into themselves, nor into what is inside of them", () => {
    const names = (id: string | null) => parentsFor(ALL, id).map((one) => one.category_id);
    expect(names("snacks")).toEqual(["food"]);
    expect(names("chips")).toEqual(["food", "snacks"]);
    expect(names(null)).toEqual(["food", "snacks", "chips"]);
  });

  it("never turn a circle into an endless way", () => {
    const circle = [category("a", "b"), category("b", "a")];
    expect(wayTo(circle, category("a", "b"))).toBe("B › A");
    expect(parentsFor(circle, "a")).toEqual([]);
  });
});
