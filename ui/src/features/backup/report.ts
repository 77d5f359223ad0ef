// What the check of the data answers. It comes as the result of a job, which may be anything.
import type { Said } from "../../api/bindings";

export interface Check {
  name: string;
  title: string;
  ok: boolean;
  /** Things looked at. */
  count: number;
  /** Contradictions in all; `findings` names the first of them. */
  found: number;
  findings: Said[];
}

export interface Report {
  ok: boolean;
  checked_at: number;
  checks: Check[];
}

/** The report of a finished job; null for whatever is none. */
export function asReport(result: unknown): Report | null {
  if (typeof result !== "object" || result === null) return null;
  const { ok, checked_at, checks } = result as Partial<Report>;
  if (typeof ok !== "boolean" || typeof checked_at !== "number") return null;
  return Array.isArray(checks) ? { ok, checked_at, checks } : null;
}
