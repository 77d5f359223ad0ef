import { describe, expect, it } from "vitest";
import * as patterns from "./patterns";

const KNOWN = ["pos:sell", "pos:void", "catalogue:read"].map((name) => ({ name }));

describe("what a role allows", () => {
  it("is one thing, an area, or everything", () => {
    expect(patterns.grantsOne(["pos:sell"], "pos:sell")).toBe(true);
    expect(patterns.grantsOne(["pos:sell"], "pos:void")).toBe(false);
    expect(patterns.grantsOne(["pos:*"], "pos:void")).toBe(true);
    expect(patterns.grantsOne(["*"], "catalogue:read")).toBe(true);
    expect(patterns.grantsArea(["pos:sell", "pos:void"], "pos")).toBe(false);
  });

  it("given as an area replaces its single permissions, and no others", () => {
    expect(patterns.setArea(["pos:sell", "catalogue:read"], "pos", true)).toEqual([
      "catalogue:read",
      "pos:*",
    ]);
    expect(patterns.setArea(["catalogue:read", "pos:*"], "pos", false)).toEqual(["catalogue:read"]);
  });

  it("is never given twice", () => {
    expect(patterns.setOne(["pos:sell"], "pos:sell", true)).toEqual(["pos:sell"]);
    expect(patterns.setAll(["*"], true)).toEqual(["*"]);
  });

  it("falls back to what was chosen when everything is taken away again", () => {
    expect(patterns.setAll(patterns.setAll(["pos:sell"], true), false)).toEqual(["pos:sell"]);
  });

  it("keeps what a newer version allowed", () => {
    const kept = ["pos:*", "fleet:drive", "fleet:*", "catalogue:read"];
    expect(patterns.unknown(kept, KNOWN)).toEqual(["fleet:drive", "fleet:*"]);
    expect(patterns.setArea(kept, "pos", false)).toContain("fleet:drive");
  });

  it("is shown by area in the order of the program", () => {
    expect(patterns.byArea(KNOWN).map(([name, all]) => [name, all.length])).toEqual([
      ["pos", 2],
      ["catalogue", 1],
    ]);
  });
});
