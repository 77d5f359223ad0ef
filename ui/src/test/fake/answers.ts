import type {
  Add,
  CompanyView,
  Complete,
  CountLine,
  LineChange,
  LineVoid,
  Me,
  PayAccount,
  ReceiptSummary,
  Return,
  Settle,
  SignInUser,
  Ticket,
} from "../../api/bindings";
import { HITS, PREVIEW, quoteOf, REPORT, receiptOf, SESSION, ticketOf } from "./shop";

// biome-ignore lint/suspicious/noExplicitAny: each answer knows the arguments of its command
export type Answer = (args: any) => unknown;

const USERS: SignInUser[] = [
  ["ratna", "Ibu Ratna"],
  ["budi", "Budi Santoso"],
  ["sari", "Sari Wulandari"],
  ["dewi", "Dewi Lestari"],
  ["joko", "Joko Prasetyo"],
].map(([username = "", name = ""], index) => ({
  user_id: `u${index}`,
  username,
  name,
  language: "en",
}));

export const PLACE: CompanyView = {
  company: {
    name: "Toko Sumber Rejeki",
    legal_name: "",
    tax_number: "",
    address: "Jl. Melati 8",
    phone: "",
    email: "",
    language: "id",
    time_zone: "Asia/Jakarta",
  },
  country: "ID",
  currency: "IDR",
  currency_digits: 0,
  branch: {
    branch_id: "b1",
    code: "JKT01",
    name: "Jakarta Pusat",
    address: "",
    phone: "",
    tax_number: "",
    archived: false,
  },
  terminal: { terminal_id: "t1", branch_id: "b1", series: "T1", name: "Kasir 1", archived: false },
  settings: {
    till: {
      cash_step: 100,
      cash_rounding: "nearest",
      tax_rounding: "line",
      negative_stock: "warn",
      return_days: 30,
      lowest_price_days: 30,
      cash_refund_limit: null,
      free_line_voids: 5,
      held_days: 7,
      idle_lock_minutes: 10,
    },
    receipt: {
      logo: null,
      header: [],
      footer: ["Terima kasih", "Barang yang sudah dibeli dapat ditukar dalam 7 hari"],
      width_mm: 80,
      print: "ask",
      qr: true,
      show: {
        phone: true,
        tax_id: true,
        item_code: false,
        item_count: true,
        tax_marks: true,
        barcode: true,
      },
    },
    backup: { every_hours: 1, at_session_close: true, second_folder: null },
  },
  own_sections: [],
};

function settle({ total, payments }: Settle) {
  const paid = payments.reduce((all, one) => all + one.amount, 0);
  const left = Math.max(0, total - paid);
  return {
    remaining: left,
    remaining_cash: Math.round(left / 100) * 100,
    change: Math.max(0, paid - total),
    rounding: 0,
    complete: paid >= Math.floor(total / 100) * 100,
  };
}

const RECEIPTS: ReceiptSummary[] = Array.from({ length: 60 }, (_, index) => ({
  sale_id: `s${index}`,
  number: `JKT01-T1-26-S${String(123 - index).padStart(6, "0")}`,
  kind: index % 17 === 3 ? "return" : "sale",
  business_date: "2026-11-20",
  sold_at: Date.UTC(2026, 10, 20, 3, 15) - index * 240_000,
  cashier: "Sari Wulandari",
  customer: index % 5 === 0 ? "Warung Bu Siti" : null,
  total: 4_000 + ((index * 7_919) % 240_000),
}));

const DENOMINATIONS = [100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100];

const Z = {
  ...REPORT,
  number: "JKT01-T1-26-Z000213",
  closed_at: Date.UTC(2026, 10, 20, 14, 2),
  expected: 1_793_450,
  counted: 1_791_450,
  over_short: -2_000,
  tenders: [
    { kind: "cash", taken: 2_938_500, refunded: 41_000, count: 61 },
    ...REPORT.tenders.slice(1),
  ],
};

/** A shop as the address asks for it: `user=sari`, `ticket`, `closed`, `strict`, `state=damaged`. */
export function fakeShop(asked: URLSearchParams): Record<string, Answer> {
  let signedIn: Me | null = null;
  let locked = asked.has("locked");
  let session = asked.has("closed") ? null : SESSION;
  let ticket: Ticket | null = asked.has("ticket")
    ? ticketOf([0, "2"], [1, "5"], [2, "1"], [6, "1.25"], [7, "1"])
    : null;
  let lines = 100;

  function changed(next: Ticket | null) {
    ticket = next;
    return { ticket: next, quote: next && quoteOf(next) };
  }

  function sit(username: string): Me {
    const user = USERS.find((one) => one.username === username) ?? USERS[0];
    if (!user) throw new Error("no users");
    const place = asked.has("own") ? { ...PLACE, own_sections: ["till", "receipt"] } : PLACE;
    signedIn = { ...user, permissions: ["*"], place };
    return signedIn;
  }
  if (asked.has("user")) sit(asked.get("user") ?? "");

  function add(args: Add) {
    const now = args.ticket ?? { ...ticketOf(), ticket_id: "new" };
    const hit = HITS.find((one) => one.code === args.code || one.product_id === args.product_id);
    if (!hit)
      return { outcome: "unknown", line_id: null, choices: [], ticket: now, quote: quoteOf(now) };
    lines += 1;
    const line = ticketOf([HITS.indexOf(hit), args.qty ?? "1"]).lines[0];
    const line_id = `l${lines}`;
    const next = { ...now, lines: [...now.lines, ...(line ? [{ ...line, line_id }] : [])] };
    return { outcome: "added", line_id, choices: [], ticket: next, quote: quoteOf(next) };
  }

  return {
    "start.status": () => ({
      state: asked.get("state") ?? "ready",
      message:
        asked.get("state") === "damaged"
          ? {
              code: "store_damaged",
              message: "The data file is damaged: page 812 does not match its checksum.",
              facts: { detail: "page 812 does not match its checksum" },
            }
          : { code: "start_ready", message: "", facts: {} },
      warnings: asked.has("warn")
        ? [
            {
              code: "key_in_file",
              message: "The key of the data is kept in the file lumbung.key.",
              facts: { path: "lumbung.key", why: "no key store answered" },
            },
          ]
        : [],
      older: asked.has("older")
        ? {
            last_at: Date.UTC(2026, 10, 20, 1, 42),
            missing: 17,
            old_series: "T1",
            new_series: "T1a",
            found_at: Date.UTC(2026, 10, 20, 3, 15),
          }
        : null,
      company: "Toko Sumber Rejeki",
      branch: null,
      terminal: null,
      language: "id",
      demo_users: asked.has("demo")
        ? [
            { username: "ratna", pin: "2468" },
            { username: "sari", pin: "1357" },
          ]
        : [],
      data_folder: "/home/toko/.local/share/app.lumbung.desktop",
      version: "0.1.0",
    }),
    "users.sign_in_list": () => USERS,
    "users.sign_in": ({ username, pin }) => {
      if (pin === "0000") {
        throw {
          code: "wrong_pin",
          message: "The user name or the PIN is wrong.",
          fields: {},
          facts: {},
        };
      }
      return sit(username);
    },
    "users.sign_out": () => {
      signedIn = null;
      return {};
    },
    "users.lock": () => {
      locked = true;
      return {};
    },
    "users.unlock": () => {
      locked = false;
      return signedIn;
    },
    "users.me": () => ({ me: signedIn, locked }),
    "backup.list": () => [
      {
        file: "/home/toko/backups/2026-11-20T0900.lumbung",
        made_at: Date.UTC(2026, 10, 20, 2, 0),
        bytes: 48_000_000,
        commits: 18_204,
        series: "T1",
        encrypted: true,
        second: null,
        second_failed: null,
      },
    ],
    "backup.recovery_key": () => ({
      file: asked.has("key") ? "/home/toko/.local/share/app.lumbung.desktop/recovery.lkey" : null,
      made_at: asked.has("key") ? Date.UTC(2026, 10, 2, 9, 30) : null,
      passphrase_min: 12,
    }),
    "backup.salvage": () => ({
      file: "/home/toko/salvage/1.commits",
      found: 18_261,
      broken: 0,
      lost: 2,
    }),
    "pos.state": () => ({
      session,
      others: [],
      ticket,
      held: 2,
      denominations: DENOMINATIONS,
      today: "2026-11-20",
      past_midnight: false,
    }),
    "catalogue.search": ({ text }: { text: string }) => ({
      hits: HITS.filter(({ name, code }) =>
        `${name} ${code}`.toLowerCase().includes(text.toLowerCase()),
      ),
      more: false,
    }),
    "catalogue.reasons": ({ kind }: { kind: string }) =>
      kind === "return"
        ? ["Damaged or faulty", "Expired", "Wrong item", "Customer changed their mind"].map(
            (text, index) => ({ reason_id: `r${index}`, text }),
          )
        : [{ reason_id: "r", text: "Changing money" }],
    "customers.search": () => [
      { customer_id: "c1", code: "C001", name: "Warung Bu Siti", phone: "0812-3456-7890" },
      { customer_id: "c2", code: "C002", name: "Katering Melati", phone: "" },
    ],
    "pos.quote": (args: { ticket: Ticket }) => quoteOf(args.ticket),
    "pos.add": add,
    "pos.keep_ticket": (args: { ticket: Ticket | null }) => {
      ticket = args.ticket;
      return {};
    },
    "pos.settle": settle,
    "pos.complete": ({ ticket: sold, payments }: Complete) => {
      ticket = null;
      return receiptOf(
        sold,
        payments.map((one) => ({ ...one, tendered: one.amount })),
      );
    },
    "customers.credit": () => ({
      limit: 2_000_000,
      balance: 750_000,
      overdue: 250_000,
      available: 1_250_000,
      blocked: false,
    }),
    "pos.pay_account": ({ payment_id, customer_id, amount, payments }: PayAccount) => ({
      payment_id,
      number: "JKT01-T1-26-P000007",
      customer_id,
      customer: "Warung Bu Siti",
      owed: 750_000,
      amount,
      left: 750_000 - amount,
      rounding: 0,
      change: payments.reduce((all, one) => all + one.amount, 0) - amount,
      tenders: [],
    }),
    "pos.hold": () => ({ held_id: "h" }),
    "pos.held": () => [
      {
        held_id: "h1",
        note: "Bapak topi merah",
        cashier: "Sari Wulandari",
        terminal: "Kasir 1",
        total: 48_300,
        line_count: 4,
        held_at: Date.now() - 8 * 60_000,
        expired: false,
      },
      {
        held_id: "h2",
        note: "",
        cashier: "Dewi Lestari",
        terminal: "Kasir 2",
        total: 112_000,
        line_count: 9,
        held_at: Date.now() - 190 * 60_000,
        expired: true,
      },
    ],
    "pos.recall": () => {
      const recalled = ticketOf([3, "1"]);
      return { ticket: recalled, note: "", quote: quoteOf(recalled) };
    },
    "pos.discard_held": () => ({}),
    "pos.units": ({ ticket: now, line_id }: { ticket: Ticket; line_id: string }) => {
      const line = now.lines.find((one) => one.line_id === line_id);
      const base = HITS.find((hit) => hit.product_id === line?.product_id);
      const price = Number(base?.price ?? 0);
      return [
        { product_unit_id: null, unit: base?.unit, factor: "1", unit_price: String(price) },
        { product_unit_id: "pu1", unit: "dus", factor: "24", unit_price: String(price * 23) },
      ].map((one) => ({ ...one, current: one.product_unit_id === line?.product_unit_id }));
    },
    "pos.change_line": ({ ticket: now, line_id, qty, product_unit_id }: LineChange) =>
      changed({
        ...now,
        lines: now.lines.map((line) =>
          line.line_id === line_id
            ? { ...line, qty, product_unit_id: product_unit_id ?? null }
            : line,
        ),
      }),
    "pos.void_line": ({ ticket: now, line_id }: LineVoid) => {
      const lines = now.lines.filter((line) => line.line_id !== line_id);
      if (!asked.has("strict")) return changed(lines.length > 0 ? { ...now, lines } : null);
      throw {
        code: "approval_required",
        message: "A manager must allow this: more than 5 lines taken off in this session.",
        fields: {},
        facts: { detail: "more than 5 lines taken off in this session" },
      };
    },
    "pos.void_ticket": () => ({}),
    "pos.void": () => receiptOf(ticketOf([0, "2"])),
    "pos.no_sale": () => ({}),
    "pos.receipts": () => ({ receipts: RECEIPTS, next: null }),
    "pos.receipt": () =>
      receiptOf(ticketOf([0, "2"], [1, "5"], [2, "1"]), [
        { kind: "cash", amount: 41_250, tendered: 50_000, reference: "" },
      ]),
    "pos.find_receipt": () => receiptOf(ticketOf([0, "2"], [1, "5"], [2, "1"])),
    "pos.return_quote": ({ lines: back }: Return) => ({
      total: 4_000 * back.length,
      tax: 396,
      rounding: 0,
      tenders: [{ kind: "cash", amount: 4_000 * back.length, tendered: 0, reference: "" }],
      lines: back.map(() => 4_000),
      needs_approval: [],
    }),
    "pos.return": () => ({ ...receiptOf(ticketOf([0, "1"])), kind: "return" }),
    "pos.return_without_receipt": () => ({ ...receiptOf(ticketOf([0, "1"])), kind: "return" }),
    "pos.sessions": () => [
      ...(session ? [session] : []),
      ...Array.from({ length: 12 }, (_, index) => ({
        ...SESSION,
        session_id: `z${index}`,
        business_date: `2026-11-${String(19 - index).padStart(2, "0")}`,
        closed_at: SESSION.opened_at - index * 86_400_000,
        z_number: `JKT01-T1-26-Z${String(212 - index).padStart(6, "0")}`,
        over_short: index % 4 === 0 ? -2_000 : 0,
      })),
    ],
    "pos.open_session": () => {
      session = SESSION;
      return SESSION;
    },
    "pos.count_drawer": () => ({
      expected: 1_793_450,
      counted: 1_791_450,
      over_short: -2_000,
      needs_reason: true,
    }),
    "pos.close_session": () => {
      session = null;
      return Z;
    },
    "pos.x_report": () => REPORT,
    "pos.z_report": () => Z,
    "pos.count_total": ({ counted }: { counted: CountLine[] }) => ({
      total: counted.reduce((all, { denomination, pieces }) => all + denomination * pieces, 0),
    }),
    "pos.cash_movement": () => ({ number: "JKT01-T1-26-C000007" }),
    "print.sample": () => ({ title: "", lines: PREVIEW, copy: null, warnings: [] }),
    "print.preview": () => ({ title: "", lines: PREVIEW, copy: null, warnings: [] }),
    "print.document": () => ({ print_job_id: "j", printer: "receipt", copy: null, warnings: [] }),
    "print.pdf": () => ({
      path: "/home/toko/Documents/JKT01-T1-26-S000123.pdf",
      copy: null,
      warnings: [],
    }),
    "print.drawer": () => ({}),
  };
}
