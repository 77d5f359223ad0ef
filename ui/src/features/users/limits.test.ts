import { describe, expect, it } from "vitest";
import {
  isMoneyWithoutLimit,
  isRateWithoutLimit,
  MONEY_WITHOUT_LIMIT,
  RATE_WITHOUT_LIMIT,
} from "./limits";

describe("a limit of a role", () => {
  it("is none where the program's largest number stands", () => {
    expect(isMoneyWithoutLimit(MONEY_WITHOUT_LIMIT)).toBe(true);
    expect(isRateWithoutLimit(RATE_WITHOUT_LIMIT)).toBe(true);
  });

  it("is a limit otherwise, however high", () => {
    expect(isMoneyWithoutLimit(10_000_000_000)).toBe(false);
    expect(isRateWithoutLimit("1")).toBe(false);
    expect(isRateWithoutLimit("0.000001")).toBe(false);
    expect(isRateWithoutLimit("000000012.5")).toBe(false);
  });
});
