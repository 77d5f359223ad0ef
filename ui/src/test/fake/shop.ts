// The goods and papers of the shop in memory.
import type {
  PreviewLine,
  Quote,
  QuotedLine,
  Receipt,
  SearchHit,
  Session,
  SessionReport,
  Ticket,
} from "../../api/bindings";

const PRODUCTS: [string, string, string, number][] = [
  ["8886008101053", "AQUA AIR MINERAL BOTOL 600 ML", "botol", 4000],
  ["089686010947", "INDOMIE GORENG SPESIAL 85 GR", "bungkus", 3500],
  ["8999999706180", "PEPSODENT PASTA GIGI PENCEGAH GIGI BERLUBANG 190 GR", "pcs", 16500],
  ["8992761111113", "TEH BOTOL SOSRO KOTAK 250 ML", "kotak", 4500],
  ["8851019210254", "GLICO PEJOY COKLAT 32 GR", "pcs", 7900],
  ["8991002101234", "KAPAL API KOPI SPECIAL MIX 10 X 25 GR", "renteng", 14500],
  ["2000010", "BERAS PANDAN WANGI", "kg", 15800],
  ["8999909096004", "SAMPOERNA A MILD 16", "bungkus", 34500],
  ["8998866200578", "SO KLIN LIQUID VIOLET 750 ML", "pcs", 19900],
  ["711844120013", "BIMOLI MINYAK GORENG 2 LITER", "pouch", 41500],
  ["8806094912345", "SAMSUNG GALAXY A05 4/128", "pcs", 1_499_000],
];

export const HITS: SearchHit[] = PRODUCTS.map(([code, name, unit, price], index) => ({
  product_id: `p${index}`,
  product_unit_id: null,
  code,
  name,
  unit,
  price: String(price),
  tax_inclusive: true,
  weighed: unit === "kg",
  serial_tracked: name.startsWith("SAMSUNG"),
  restriction: index === 7 ? "age" : "",
  variants: 0,
  image_hash: null,
}));

/** Good enough for whole prices and quantities with up to three decimals. */
function times(price: string, qty: string): number {
  return Math.round(Number(price) * Number(qty));
}

function quoteLine(line: Ticket["lines"][number], index: number): QuotedLine {
  const hit = HITS.find((one) => one.product_id === line.product_id) ?? HITS[0];
  if (!hit) throw new Error("no goods");
  const isBox = line.product_unit_id !== null;
  const listed = isBox ? String(Number(hit.price ?? 0) * 23) : (hit.price ?? "0");
  const unit_price = line.price?.unit_price ?? listed;
  const gross = times(unit_price, line.qty);
  const off = line.discount;
  const line_discount = off
    ? "percent" in off
      ? times(String(gross), off.percent)
      : off.amount
    : 0;
  const total = gross - line_discount;
  return {
    line_id: line.line_id,
    line_no: index + 1,
    code: hit.code,
    name: hit.name,
    unit: isBox ? "dus" : hit.unit,
    qty: line.qty,
    unit_price,
    list_price: hit.price ?? "0",
    price_source: "default",
    gross,
    line_discount,
    ticket_discount: 0,
    tax: Math.round((total * 11) / 111),
    total,
    tax_code: "A",
    tax_inclusive: true,
    on_hand: index === 2 ? "0" : "48",
    restriction: hit.restriction,
    serial_tracked: hit.serial_tracked,
    serial: line.serial,
    marks: [
      ...(hit.serial_tracked && !line.serial ? (["serial_missing"] as const) : []),
      ...(index === 2 ? (["low_stock"] as const) : []),
      ...(line.price ? (["price_by_hand"] as const) : []),
      ...(hit.restriction && !line.checked ? (["must_check"] as const) : []),
    ],
  };
}

export function quoteOf(ticket: Ticket): Quote {
  const lines = ticket.lines.map(quoteLine);
  const sum = (of: (line: QuotedLine) => number) => lines.reduce((all, line) => all + of(line), 0);
  const total = sum((line) => line.total);
  const up = (step: number) => Math.ceil(total / step) * step;
  return {
    lines,
    taxes: [],
    gross: sum((line) => line.gross),
    discount: sum((line) => line.line_discount),
    net: total - sum((line) => line.tax),
    tax: sum((line) => line.tax),
    total,
    cash_total: up(100),
    quick_cash: [...new Set([up(100), up(5_000), up(20_000), up(50_000), up(100_000)])],
    currency: "IDR",
    pieces: ticket.lines.reduce((all, line) => all + Math.max(1, Math.floor(Number(line.qty))), 0),
    customer: ticket.customer_id ? "Warung Bu Siti" : null,
    credit_available: ticket.customer_id ? 1_250_000 : null,
  };
}

export function ticketOf(...goods: [number, string][]): Ticket {
  return {
    ticket_id: "ticket",
    customer_id: null,
    discount: null,
    note: "",
    lines: goods.map(([index, qty], at) => ({
      line_id: `l${at}`,
      product_id: `p${index}`,
      product_unit_id: null,
      qty,
      label_price: null,
      price: null,
      discount: at === 1 ? { percent: "0.1" } : null,
      serial: "",
      checked: false,
      note: "",
    })),
  };
}

export function receiptOf(ticket: Ticket, payments: Receipt["tenders"] = []): Receipt {
  const quote = quoteOf(ticket);
  const paid = payments.reduce((all, one) => all + one.tendered, 0);
  return {
    sale_id: "s1",
    number: "JKT01-T1-26-S000123",
    kind: "sale",
    business_date: "2026-11-20",
    sold_at: Date.UTC(2026, 10, 20, 3, 15),
    offset_min: 420,
    terminal_id: "t1",
    session_id: "c1",
    cashier_id: "u2",
    cashier: "Sari Wulandari",
    customer_id: null,
    customer: null,
    currency: "IDR",
    lines: quote.lines.map((line) => ({
      line_id: line.line_id,
      line_no: line.line_no,
      product_id: "p",
      code: line.code,
      name: line.name,
      unit: line.unit,
      qty: line.qty,
      unit_price: line.unit_price,
      discount: line.line_discount,
      tax: line.tax,
      tax_code: "A",
      total: line.total,
      returnable: line.line_no === 2 ? "0" : line.qty,
      disposition: "",
      reason: "",
      note: "",
      serial: "",
    })),
    taxes: [
      {
        tax_class_id: "x",
        code: "A",
        name: "PPN 11 %",
        rate: "0.11",
        base: quote.net,
        tax: quote.tax,
      },
    ],
    gross: quote.gross,
    discount: quote.discount,
    net: quote.net,
    tax: quote.tax,
    total: quote.total,
    rounding: 0,
    change: Math.max(0, paid - quote.total),
    tenders: payments,
    original_sale_id: null,
    original_number: null,
    returns: [],
    source_number: "",
    reason: "",
    note: "",
    copies: 0,
    store_credit: null,
    voided: false,
  };
}

export const SESSION: Session = {
  session_id: "c1",
  terminal: "Kasir 1",
  drawer: "1",
  cashier_id: "u2",
  cashier: "Sari Wulandari",
  business_date: "2026-11-20",
  opening_float: 300_000,
  opened_at: Date.UTC(2026, 10, 20, 0, 30),
  counted: null,
  closed_at: null,
  z_number: null,
  over_short: null,
};

export const REPORT: SessionReport = {
  number: null,
  session_id: "c1",
  branch: "Jakarta Pusat",
  terminal: "Kasir 1",
  drawer: "1",
  cashier: "Sari Wulandari",
  business_date: "2026-11-20",
  opened_at: SESSION.opened_at,
  closed_at: null,
  offset_min: 420,
  currency: "IDR",
  sales: 84,
  sales_total: 4_912_300,
  returns: 2,
  returns_total: -41_000,
  voids: 1,
  voids_total: -16_500,
  discount: 62_400,
  net: 4_373_694,
  tax: 481_106,
  total: 4_854_800,
  rounding: -150,
  account_payments: 0,
  account_payments_total: 0,
  account_payments_cash: null,
  tenders: [
    { kind: "cash", taken: null, refunded: null, count: 61 },
    { kind: "card", taken: 812_000, refunded: 0, count: 9 },
    { kind: "qr", taken: 1_104_300, refunded: 0, count: 14 },
  ],
  taxes: [
    { tax_class_id: "x", code: "A", name: "PPN 11 %", rate: "0.11", base: 4_373_694, tax: 481_106 },
  ],
  discounts: 3,
  categories: [
    { category_id: "k1", name: "Minuman", count: 210, total: 1_420_000 },
    { category_id: "k2", name: "Makanan ringan", count: 164, total: 2_014_800 },
    { category_id: null, name: "", count: 12, total: 1_420_000 },
  ],
  opening_float: 300_000,
  cash_in: 100_000,
  cash_out: 45_000,
  cash_drops: 1_500_000,
  expected: null,
  counted: null,
  over_short: null,
  count: [],
  no_sales: 3,
  line_voids: 6,
  line_voids_total: 74_200,
  ticket_voids: 1,
  reprints: 2,
  overrides: 4,
  held: 1,
  first_number: "JKT01-T1-26-S000040",
  last_number: "JKT01-T1-26-S000123",
  reason: "",
};

export const PREVIEW: PreviewLine[] = [
  { kind: "text", text: "Toko Sumber Rejeki", centred: true, style: "title" },
  { kind: "text", text: "Jl. Melati 8, Jakarta Pusat", centred: true, style: "fine" },
  { kind: "gap" },
  {
    kind: "pair",
    left: "JKT01-T1-26-S000123",
    right: "20 Nov 2026 10:15",
    mark: "",
    figure: false,
    indented: false,
    style: "body",
  },
  {
    kind: "pair",
    left: "Kasir 1",
    right: "Sari Wulandari",
    mark: "",
    figure: false,
    indented: false,
    style: "body",
  },
  { kind: "rule", heavy: false },
  {
    kind: "pair",
    left: "AQUA AIR MINERAL BOTOL 600 ML",
    right: "",
    mark: "",
    figure: true,
    indented: false,
    style: "body",
  },
  {
    kind: "pair",
    left: "2 botol × 4.000",
    right: "8.000",
    mark: "A",
    figure: true,
    indented: true,
    style: "body",
  },
  {
    kind: "pair",
    left: "INDOMIE GORENG SPESIAL 85 GR",
    right: "",
    mark: "",
    figure: true,
    indented: false,
    style: "body",
  },
  {
    kind: "pair",
    left: "5 bungkus × 3.500",
    right: "17.500",
    mark: "A",
    figure: true,
    indented: true,
    style: "body",
  },
  { kind: "rule", heavy: true },
  {
    kind: "pair",
    left: "TOTAL",
    right: "Rp 41.250",
    mark: "",
    figure: true,
    indented: false,
    style: "total",
  },
  {
    kind: "pair",
    left: "Tunai",
    right: "50.000",
    mark: "",
    figure: true,
    indented: false,
    style: "body",
  },
  {
    kind: "pair",
    left: "Kembalian",
    right: "8.700",
    mark: "",
    figure: true,
    indented: false,
    style: "strong",
  },
  { kind: "gap" },
  {
    kind: "code",
    text: "JKT01-T1-26-S000123",
    caption: "JKT01-T1-26-S000123",
    bars: true,
    modules: ["11010010000101100010001101101110100011101100101110011001010001110110"],
  },
  { kind: "text", text: "Terima kasih, datang lagi ya!", centred: true, style: "body" },
];
