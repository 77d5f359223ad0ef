import { describe, expect, it } from "vitest";
import { asScanner } from "./scannerSetting";

describe("the scanner of a machine", () => {
  it("sends the code alone until something else is kept", () => {
    for (const nothing of [null, undefined, "x", 7, {}, { prefix: 3 }]) {
      expect(asScanner(nothing)).toEqual({ prefix: "", suffix: "" });
    }
    expect(asScanner({ prefix: "]C1", suffix: "#", other: true })).toEqual({
      prefix: "]C1",
      suffix: "#",
    });
  });
});
