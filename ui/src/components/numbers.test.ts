import { describe, expect, it } from "vitest";
import { formatMoney, formatRate, readDecimal, readMoney, shiftPoint } from "./numbers";

const IDR = { code: "IDR", digits: 0 };
const GBP = { code: "GBP", digits: 2 };

describe("amounts as text", () => {
  it.each([
    ["1250", -2, "12.50"],
    ["5", -2, "0.05"],
    ["-5", -2, "-0.05"],
    ["0.11", 2, "11"],
    ["0.1175", 2, "11.75"],
    ["12", 2, "1200"],
    ["0", -2, "0.00"],
  ])("moves the point of %s by %i", (text, places, moved) => {
    expect(shiftPoint(text, places)).toBe(moved);
  });

  it.each([
    ["12.500", 0, "id", 12500],
    ["12,500", 0, "en", 12500],
    ["12.5", 2, "en", 1250],
    ["12,5", 2, "id", 1250],
    ["1.234.567,89", 2, "id", 123456789],
    ["12.345", 2, "en", null],
    ["12.50", 0, "en", null],
    ["", 0, "en", null],
    ["abc", 0, "en", null],
    ["1e9", 0, "en", null],
    ["9007199254740993", 0, "en", null],
  ])("reads the amount %j typed with %i digits in %s", (typed, digits, locale, minor) => {
    expect(readMoney(typed, digits, locale)).toBe(minor);
  });

  it.each([
    ["1,5", "id", "1.5"],
    ["1.5", "id", "1.5"],
    [".5", "en", "0.5"],
    ["2.", "en", "2"],
    ["-3", "en", "-3"],
    ["1.5.0", "en", null],
  ])("reads the quantity %j in %s", (typed, locale, value) => {
    expect(readDecimal(typed, locale)).toBe(value);
  });

  it("shows amounts in the reader's language", () => {
    expect(formatMoney(12500, IDR, "id", false)).toBe("12.500");
    expect(formatMoney(12500, IDR, "en").replace(/\s/g, " ")).toBe("Rp 12,500");
    expect(formatMoney(-1250, GBP, "en")).toBe("−£12.50");
    expect(formatRate("0.11", "en")).toBe("11%");
  });

  it("never loses a digit of the largest amount", () => {
    expect(formatMoney(Number.MAX_SAFE_INTEGER, GBP, "en", false)).toBe("90,071,992,547,409.91");
  });
});
