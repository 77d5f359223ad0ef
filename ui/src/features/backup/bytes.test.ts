import { describe, expect, it } from "vitest";
import { sizeWords } from "./bytes";

describe("the size of a backup", () => {
  it.each([
    [812, "812 byte"],
    [1_500, "1.5 kB"],
    [48_000_000, "48 MB"],
    [2_345_000_000, "2.3 GB"],
  ])("of %d bytes is %s", (bytes, words) => {
    expect(sizeWords(bytes, "en")).toBe(words);
  });

  it("is written as the language writes figures", () => {
    expect(sizeWords(1_500, "id")).toBe("1,5 kB");
  });
});
