import { describe, expect, it } from "vitest";
import { unplaced } from "./unplaced";

describe("a refusal", () => {
  const said = (code: string) => ({ code, message: "", facts: {} });
  const problem = { fields: { name: said("text_too_long"), archived: said("in_use") } };

  it("is read even where the form has no such field", () => {
    expect(unplaced(problem, ["name"])).toEqual([said("in_use")]);
  });

  it("is not said twice where the field shows it", () => {
    expect(unplaced(problem, ["name", "archived"])).toEqual([]);
    expect(unplaced(null, [])).toEqual([]);
  });
});
