// An adjustment while it is written. What is lost is typed as what is lost, and sent as less.
import type { Adjustment, AdjustmentKind, StockStatus } from "../../api/bindings";

export interface AdjustedProduct {
  product_id: string;
  name: string;
  code: string;
  unit: string;
}

export interface AdjustLine extends AdjustedProduct {
  key: string;
  status: StockStatus;
  qty: string | null;
  unit_cost: string | null;
}

export const KINDS: AdjustmentKind[] = ["correction", "write_off", "opening"];

/** What the program is told: a write-off takes away, whatever sign was typed. */
export function signed(kind: AdjustmentKind, qty: string): string {
  const size = qty.replace(/^-/, "");
  if (kind === "write_off") return `-${size}`;
  return kind === "opening" ? size : qty;
}

/** Whether stock comes in with this line, and with it a cost. */
export function comesIn(kind: AdjustmentKind, qty: string | null): boolean {
  return kind === "opening" || (kind === "correction" && qty !== null && !qty.startsWith("-"));
}

export function isWhole(line: AdjustLine): boolean {
  return line.qty !== null && /[1-9]/.test(line.qty);
}

export function toAdjustment(
  kind: AdjustmentKind,
  reason: string,
  note: string,
  lines: readonly AdjustLine[],
): Adjustment {
  return {
    kind,
    reason: reason.trim(),
    note: note.trim(),
    lines: lines.map(({ product_id, status, qty, unit_cost }) => ({
      product_id,
      status,
      qty: signed(kind, qty ?? ""),
      unit_cost: comesIn(kind, qty) ? unit_cost : null,
    })),
  };
}
