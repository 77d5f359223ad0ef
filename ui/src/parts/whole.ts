/** A whole number as it was typed, never negative; null when it is none. */
export function readWhole(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
