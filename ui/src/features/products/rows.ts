import type { Option } from "../../components";
import { BASE, type Draft } from "./draft";

/** The units of the form as choices, by their key: the base unit first. */
export function unitOptions(draft: Draft): Option[] {
  return [
    { id: BASE, label: draft.base_unit || "–" },
    ...draft.units.map((unit) => ({ id: unit.key, label: unit.unit || "–" })),
  ];
}

/** A list with one row changed. */
export function changed<R extends { key: string }>(
  rows: readonly R[],
  key: string,
  part: Partial<R>,
): R[] {
  return rows.map((row) => (row.key === key ? { ...row, ...part } : row));
}

export function without<R extends { key: string }>(rows: readonly R[], key: string): R[] {
  return rows.filter((row) => row.key !== key);
}
