import { describe, expect, it } from "vitest";
import { rowsOf, toBits } from "./logo";

/** One letter for each dot: black, white, dark red, light yellow. */
const INK: Record<string, number[]> = {
  "#": [0, 0, 0, 255],
  ".": [255, 255, 255, 255],
  r: [160, 0, 0, 255],
  y: [255, 255, 120, 255],
};

function pixels(rows: string[]): Uint8ClampedArray {
  return new Uint8ClampedArray(rows.flatMap((row) => [...row].flatMap((dot) => INK[dot] ?? [])));
}

describe("a logo", () => {
  it.each([
    [["#"], [0x80]],
    [["........#"], [0x00, 0x80]],
    [
      [".#######", "#......."],
      [0x7f, 0x80],
    ],
    [["ry"], [0x80]],
  ])("is black where the picture is dark: %j", (rows, bytes) => {
    expect([...toBits(pixels(rows), rows[0]?.length ?? 0, rows.length)]).toEqual(bytes);
  });

  it("is shown as it was read", () => {
    const rows = ["#........#", ".#......#."];
    const bytes = toBits(pixels(rows), 10, 2);
    const logo = { width: 10, height: 2, bits: btoa(String.fromCharCode(...bytes)) };
    expect(rowsOf(logo)).toEqual(["1000000001", "0100000010"]);
  });
});
