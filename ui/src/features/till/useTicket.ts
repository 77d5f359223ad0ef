// The open ticket: it lives on the screen, is priced by the program after every change, and is
// kept on the machine so that a power cut loses nothing that was scanned.
import { useQueryClient } from "@tanstack/react-query";
import { useContext, useRef, useState } from "react";
import type { Added, Quote, Ticket, TillState } from "../../api/bindings";
import { ApprovalContext, call, callApproved, read, useRead } from "../../api/call";
import { type Failure, toFailure } from "../../api/failure";
import { useToast } from "../../components";
import { emptyTicket, removeLine } from "./ticket";

export interface Adding {
  code?: string;
  product_id?: string;
  product_unit_id?: string | null;
  qty?: string | null;
}

export interface OpenTicket {
  ticket: Ticket | null;
  quote: Quote | undefined;
  problem: Failure | null;
  /** What the last scan or choice did; null when it was refused. */
  add: (what: Adding) => Promise<Added | null>;
  /** Applies a change when the program accepts it; says why when it does not. */
  change: (edit: (ticket: Ticket) => Ticket | null) => Promise<boolean>;
  /** Takes a line off, recorded, with a manager's word when too many were. */
  voidLine: (lineId: string) => Promise<boolean>;
  /** Shows another ticket: a recalled one, or none. */
  show: (ticket: Ticket | null) => void;
}

export function useTicket(initial: Ticket | null): OpenTicket {
  const client = useQueryClient();
  const toast = useToast();
  const ask = useContext(ApprovalContext);
  const [ticket, setTicket] = useState(initial);
  // Scans can come faster than answers: each change waits for the one before and builds on it.
  const latest = useRef(initial);
  const queue = useRef<Promise<unknown>>(Promise.resolve());

  const quoted = useRead(
    "pos.quote",
    { ticket: ticket ?? NONE },
    { enabled: ticket !== null && ticket.lines.length > 0, keep: true },
  );

  const show = (next: Ticket | null) => {
    latest.current = next;
    setTicket(next);
    const state = read("pos.state", {}).queryKey;
    client.setQueryData<TillState>(state, (before) => before && { ...before, ticket: next });
    call("pos.keep_ticket", { ticket: next }).catch((thrown) => toast.fail(toFailure(thrown)));
  };

  const inTurn = <T>(act: () => Promise<T>, otherwise: T): Promise<T> => {
    const turn = queue.current.then(act).catch((thrown) => {
      toast.fail(toFailure(thrown));
      return otherwise;
    });
    queue.current = turn;
    return turn;
  };

  const price = async (next: Ticket | null) => {
    if (next && next.lines.length > 0) await client.fetchQuery(read("pos.quote", { ticket: next }));
    show(next);
  };

  const add = (what: Adding) =>
    inTurn<Added | null>(async () => {
      const added = await call("pos.add", {
        ticket: latest.current,
        code: what.code ?? null,
        product_id: what.product_id ?? null,
        product_unit_id: what.product_unit_id ?? null,
        qty: what.qty ?? null,
      });
      if (added.outcome === "added") {
        client.setQueryData(read("pos.quote", { ticket: added.ticket }).queryKey, added.quote);
        show(added.ticket);
      }
      return added;
    }, null);

  const change = (edit: (ticket: Ticket) => Ticket | null) =>
    inTurn(async () => {
      if (latest.current === null) return false;
      await price(edit(latest.current));
      return true;
    }, false);

  const voidLine = (lineId: string) =>
    inTurn(async () => {
      const before = latest.current;
      const line = before?.lines.find((one) => one.line_id === lineId);
      const sums = quoted.data?.lines.find((one) => one.line_id === lineId);
      if (!before || !line) return false;
      const { product_id, qty } = line;
      const amount = sums?.total ?? 0;
      await callApproved("pos.void_line", { product_id, qty, amount, reason: "" }, ask);
      await price(removeLine(before, lineId));
      return true;
    }, false);

  const shown = ticket !== null && ticket.lines.length > 0;
  return {
    ticket,
    quote: shown ? quoted.data : undefined,
    problem: shown ? quoted.error : null,
    add,
    change,
    voidLine,
    show,
  };
}

/** Stands for no ticket in a question that is not asked. */
const NONE = emptyTicket("");
