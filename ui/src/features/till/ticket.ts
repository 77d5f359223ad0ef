// The ticket on the screen before anybody has paid: what was scanned, nothing computed.
import type { Ticket, TicketLine } from "../../api/bindings";

export function changeLine(ticket: Ticket, lineId: string, change: Partial<TicketLine>): Ticket {
  const lines = ticket.lines.map((line) =>
    line.line_id === lineId ? { ...line, ...change } : line,
  );
  return { ...ticket, lines };
}

/** One more or one less, on the decimal text: `("1.5", 1)` is `"2.5"`. */
export function stepQty(qty: string, step: 1 | -1): string {
  const [whole = "0", fraction] = qty.split(".");
  const next = (BigInt(whole) + BigInt(step)).toString();
  return fraction ? `${next}.${fraction}` : next;
}

/** Whether nothing whole would be left after one less. */
export function isLast(qty: string): boolean {
  const [whole = "0"] = qty.split(".");
  return BigInt(whole) <= 1n;
}

/** `3*` or `2,5 * aqua` typed into the search: how many of what comes next. */
export function readTimes(typed: string): { qty: string | null; text: string } {
  const found = /^\s*(\d+(?:[.,]\d+)?)\s*[*×]\s*(.*)$/.exec(typed);
  if (!found) return { qty: null, text: typed };
  return { qty: (found[1] ?? "1").replace(",", "."), text: found[2] ?? "" };
}

/** A ticket without lines, for a customer who is named before the first article. */
export function emptyTicket(ticket_id: string): Ticket {
  return { ticket_id, customer_id: null, discount: null, note: "", lines: [] };
}
