// Periods of the books, as days: `2026-11-20`. A day is a name here, no moment: no time zone.

export const PERIODS = ["today", "month", "last_month", "year", "other"] as const;
export type PeriodName = (typeof PERIODS)[number];

export interface Days {
  from: string;
  to: string;
}

const two = (part: number) => String(part).padStart(2, "0");

/** The day this machine shows now. */
export function today(now = new Date()): string {
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** The days of a named period, up to today; null where the days are chosen one by one. */
export function daysOf(period: PeriodName, day: string): Days | null {
  const [year = 0, month = 1] = day.split("-").map(Number);
  switch (period) {
    case "today":
      return { from: day, to: day };
    case "month":
      return { from: `${year}-${two(month)}-01`, to: day };
    case "last_month": {
      const [ofYear, ofMonth] = month === 1 ? [year - 1, 12] : [year, month - 1];
      const start = `${ofYear}-${two(ofMonth)}`;
      return { from: `${start}-01`, to: `${start}-${two(lastDay(ofYear, ofMonth))}` };
    }
    case "year":
      return { from: `${year}-01-01`, to: day };
    default:
      return null;
  }
}

/** The name of these days, where they have one. */
export function periodOf(days: Days, day: string): PeriodName {
  const named = PERIODS.find((period) => {
    const of = daysOf(period, day);
    return of?.from === days.from && of.to === days.to;
  });
  return named ?? "other";
}
