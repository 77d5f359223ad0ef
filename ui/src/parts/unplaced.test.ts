import { describe, expect, it } from "vitest";
import { unplaced } from "./unplaced";

describe("a refusal", () => {
  const problem = { fields: { name: "Too long.", archived: "Still in use." } };

  it("is read even where the form has no such field", () => {
    expect(unplaced(problem, ["name"])).toEqual(["Still in use."]);
  });

  it("is not said twice where the field shows it", () => {
    expect(unplaced(problem, ["name", "archived"])).toEqual([]);
    expect(unplaced(null, [])).toEqual([]);
  });
});
