import { describe, expect, it } from "vitest";
import { daysOf, periodOf, today } from "./days";

describe("a period of the books", () => {
  it("ends today, except last month", () => {
    expect(daysOf("today", "2026-11-20")).toEqual({ from: "2026-11-20", to: "2026-11-20" });
    expect(daysOf("month", "2026-11-20")).toEqual({ from: "2026-11-01", to: "2026-11-20" });
    expect(daysOf("year", "2026-11-20")).toEqual({ from: "2026-01-01", to: "2026-11-20" });
    expect(daysOf("last_month", "2026-11-20")).toEqual({ from: "2026-10-01", to: "2026-10-31" });
    expect(daysOf("other", "2026-11-20")).toBeNull();
  });

  it("knows how long months are, and where the year begins", () => {
    expect(daysOf("last_month", "2026-01-03")).toEqual({ from: "2025-12-01", to: "2025-12-31" });
    expect(daysOf("last_month", "2028-03-31")?.to).toBe("2028-02-29");
    expect(daysOf("last_month", "2026-03-31")?.to).toBe("2026-02-28");
  });

  it("is known again by its days", () => {
    expect(periodOf({ from: "2026-11-01", to: "2026-11-20" }, "2026-11-20")).toBe("month");
    expect(periodOf({ from: "2026-11-02", to: "2026-11-20" }, "2026-11-20")).toBe("other");
  });

  it("begins with the day this machine shows, also just after midnight", () => {
    expect(today(new Date(2026, 0, 5, 0, 1))).toBe("2026-01-05");
  });
});
