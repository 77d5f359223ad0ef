// The open ticket: it lives on the screen, is priced by the program after every change, and is
// kept on the machine so that a power cut loses nothing that was scanned.
import { useQueryClient } from "@tanstack/react-query";
import { useContext, useRef, useState } from "react";
import type { Added, LineChanged, Quote, Ticket, TillState } from "../../api/bindings";
import { ApprovalContext, call, callApproved, read, useRead } from "../../api/call";
import { type Failure, toFailure } from "../../api/failure";
import { useToast } from "../../components";
import { emptyTicket } from "./ticket";

export interface Adding {
  code?: string;
  product_id?: string;
  product_unit_id?: string | null;
  qty?: string | null;
}

/** What a line holds from now on; what is left out stays. */
export interface NewLine {
  qty?: string;
  product_unit_id?: string | null;
}

export interface OpenTicket {
  ticket: Ticket | null;
  quote: Quote | undefined;
  problem: Failure | null;
  /** Whether a scan or a change is still on its way to the program. */
  isBusy: boolean;
  /** What the last scan or choice did; null when it was refused. */
  add: (what: Adding) => Promise<Added | null>;
  /** Applies a change when the program accepts it; says why when it does not. */
  change: (edit: (ticket: Ticket) => Ticket | null) => Promise<boolean>;
  /** Another quantity or unit; less of it is recorded, with a manager's word when too often. */
  changeLine: (lineId: string, to: NewLine) => Promise<boolean>;
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
  const [waiting, setWaiting] = useState(0);

  const quoted = useRead(
    "pos.quote",
    { ticket: ticket ?? NONE },
    { enabled: ticket !== null && ticket.lines.length > 0, keep: true },
  );

  const put = (next: Ticket | null) => {
    latest.current = next;
    setTicket(next);
    const state = read("pos.state", {}).queryKey;
    client.setQueryData<TillState>(state, (before) => before && { ...before, ticket: next });
  };

  const show = (next: Ticket | null) => {
    put(next);
    call("pos.keep_ticket", { ticket: next }).catch((thrown) => toast.fail(toFailure(thrown)));
  };

  const inTurn = <T>(act: () => Promise<T>, otherwise: T): Promise<T> => {
    setWaiting((count) => count + 1);
    const turn = queue.current
      .then(act)
      .catch((thrown) => {
        toast.fail(toFailure(thrown));
        return otherwise;
      })
      .finally(() => setWaiting((count) => count - 1));
    queue.current = turn;
    return turn;
  };

  const price = async (next: Ticket | null) => {
    if (next && next.lines.length > 0) await client.fetchQuery(read("pos.quote", { ticket: next }));
    show(next);
  };

  /** What the program made of a line; it has kept the ticket already. */
  const accept = ({ ticket: next, quote }: LineChanged) => {
    if (next && quote) client.setQueryData(read("pos.quote", { ticket: next }).queryKey, quote);
    put(next);
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

  const changeLine = (lineId: string, to: NewLine) =>
    inTurn(async () => {
      const before = latest.current;
      const line = before?.lines.find((one) => one.line_id === lineId);
      if (!before || !line) return false;
      const { qty, product_unit_id } = { ...line, ...to };
      const args = { ticket: before, line_id: lineId, qty, product_unit_id };
      accept(await callApproved("pos.change_line", args, ask));
      return true;
    }, false);

  const voidLine = (lineId: string) =>
    inTurn(async () => {
      const before = latest.current;
      if (!before?.lines.some((one) => one.line_id === lineId)) return false;
      const args = { ticket: before, line_id: lineId };
      accept(await callApproved("pos.void_line", args, ask));
      return true;
    }, false);

  const shown = ticket !== null && ticket.lines.length > 0;
  return {
    ticket,
    quote: shown ? quoted.data : undefined,
    problem: shown ? quoted.error : null,
    isBusy: waiting > 0,
    add,
    change,
    changeLine,
    voidLine,
    show,
  };
}

/** Stands for no ticket in a question that is not asked. */
const NONE = emptyTicket("");
