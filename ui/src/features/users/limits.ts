// "Without a limit" is the largest number the program has: the owner's role carries it.

/** The largest amount there is. */
export const MONEY_WITHOUT_LIMIT = Number.MAX_SAFE_INTEGER;

/** The largest rate there is, as the program writes it. */
export const RATE_WITHOUT_LIMIT = "9223372036854.775807";

/** A discount is at most all of it. */
export const WHOLE = "1";

export const isMoneyWithoutLimit = (amount: number): boolean => amount >= MONEY_WITHOUT_LIMIT;

/** No price is changed by more than a million times: whoever may do that has no limit. */
export const isRateWithoutLimit = (rate: string): boolean =>
  (rate.split(".")[0] ?? "").replace(/^0+/, "").length > 6;
