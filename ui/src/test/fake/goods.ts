// The back office of the shop in memory: goods, customers, stock, imports.
import type {
  CustomerListed,
  ImportListed,
  ImportReport,
  Inspection,
  JobStatus,
  OnHand,
  ProductListed,
  ProductView,
  Statement,
  StockCardLine,
} from "../../api/bindings";
import type { Answer } from "./answers";
import { HITS } from "./shop";

const CATEGORIES = [
  { category_id: "k1", name: "Minuman", parent_id: null, archived: false },
  { category_id: "k2", name: "Makanan", parent_id: null, archived: false },
  { category_id: "k3", name: "Mi instan", parent_id: "k2", archived: false },
  { category_id: "k4", name: "Perawatan diri", parent_id: null, archived: false },
];

const TAX_CLASSES = [
  ["x", "A", "PPN 11 % (DPP nilai lain)", "0.12"],
  ["n", "N", "Tidak kena PPN", "0"],
].map(([tax_class_id = "", code = "", name = "", rate = ""]) => ({
  tax_class_id,
  code,
  name,
  rate,
  share_num: 11,
  share_den: 12,
  archived: false,
}));

const ROUNDS = 12;

const LISTED: ProductListed[] = Array.from({ length: ROUNDS }, (_, round) => round).flatMap(
  (round) =>
    HITS.map((hit, index) => ({
      product_id: `${hit.product_id}${round ? `-${round}` : ""}`,
      code: round ? `T1-${String(round * HITS.length + index).padStart(5, "0")}` : hit.code,
      name: round ? `${hit.name} ISI ${round + 1}` : hit.name,
      category_id: ["k1", "k3", "k4", "k1", "k2", "k1", "k2", null][index % 8] ?? null,
      tax_class_id: "x",
      base_unit: hit.unit,
      price: index === 8 && round ? null : hit.price,
      barcode: hit.unit === "kg" ? null : hit.code,
      variant_of: null,
      variants: index === 3 ? 4 : 0,
      image_hash: null,
      archived: false,
    })),
);

const VIEW: ProductView = {
  product: {
    product_id: "p1",
    code: "089686010947",
    name: "INDOMIE GORENG SPESIAL 85 GR",
    description: "",
    variant: "",
    category_id: "k3",
    tax_class_id: "x",
    kind: "goods",
    base_unit: "bungkus",
    weighed: false,
    serial_tracked: false,
    restriction: null,
    price_floor: "3100",
    last_cost: "2915.5",
    image_hash: null,
    units: [{ product_unit_id: "pu1", unit: "dus", factor: "40" }],
    barcodes: [
      { code: "089686010947", unit: null },
      { code: "18996860109472", unit: "dus" },
    ],
    prices: [
      { unit: null, min_qty: "0", unit_price: "3500" },
      { unit: null, min_qty: "5", unit_price: "3400" },
      { unit: "dus", min_qty: "0", unit_price: "132000" },
    ],
    variants: [
      {
        product_id: "v1",
        code: "IG-RDG",
        variant: "Rendang",
        barcodes: [{ code: "089686043433", unit: null }],
        unit_price: "3600",
      },
    ],
  },
  display_name: "INDOMIE GORENG SPESIAL 85 GR",
  variant_of: null,
  barcodes: [
    { barcode_id: "b1", code: "089686010947", unit: "bungkus", wrong_check_digit: false },
    { barcode_id: "b2", code: "18996860109472", unit: "dus", wrong_check_digit: true },
  ],
  prices: [
    {
      price_id: "pr9",
      price_list_id: "l2",
      price_list: "Grosir",
      unit: "dus",
      min_qty: "3",
      unit_price: "128500",
      valid_from: "2026-11-01",
      valid_to: "2026-12-31",
    },
  ],
  base_unit_free: false,
  archived: false,
};

const BUDI = { user_id: "u1", user: "Budi Santoso", reason: "", approved_by: null, detail: "" };

const HISTORY = [
  {
    ...BUDI,
    reference: "c1",
    source: "change",
    at_ms: Date.UTC(2026, 10, 18, 2, 30),
    action: "catalogue.save",
    table: "price",
    key: "pr1",
    group: "created",
    changes: [
      { field: "unit_price", before: null, after: 35_000_000 },
      { field: "min_qty", before: null, after: 0 },
      { field: "price_id", before: null, after: "00aa" },
    ],
  },
  {
    ...BUDI,
    reference: "c0",
    source: "change",
    at_ms: Date.UTC(2026, 10, 2, 8, 5),
    action: "catalogue.save",
    table: "product",
    key: "p1",
    group: "NAMING",
    changes: [{ field: "name", before: "INDOMIE GORENG", after: "INDOMIE GORENG SPESIAL 85 GR" }],
  },
];

const ON_HAND: OnHand[] = HITS.map((hit, index) => ({
  product_id: hit.product_id,
  code: hit.code,
  name: hit.name,
  unit: hit.unit,
  location: "Toko",
  status: index === 4 ? "quarantine" : "sellable",
  qty: ["48", "312", "-3", "96", "2", "40", "27.35", "60", "18", "24"][index] ?? "1",
  value: 40_000 + index * 61_500,
}));

const CARD: StockCardLine[] = Array.from({ length: 40 }, (_, index) => ({
  stock_move_id: `m${index}`,
  business_date: "2026-11-20",
  moved_at: Date.UTC(2026, 10, 20, 3, 0) - index * 3_600_000,
  doc_kind: index % 9 === 4 ? "stock_adjustment" : index % 13 === 6 ? "return" : "sale",
  doc_id: `s${index}`,
  doc_number: `JKT-T1-26-S${String(index).padStart(6, "0")}`,
  status: "sellable",
  reason: index % 9 === 4 ? "Selisih hitung" : "",
  qty: index % 9 === 4 ? "-2" : index % 13 === 6 ? "1" : "-5",
  value: index % 13 === 6 ? 2_915 : -14_578,
  balance_qty: String(312 + index * 4),
  balance_value: 909_480 + index * 11_660,
}));

const CUSTOMERS: CustomerListed[] = [
  ["Warung Bu Siti", "0812-3456-7890", "Grosir", 1_750_000, 3_000_000],
  ["Katering Melati", "0813-1111-2222", "Grosir", 0, 5_000_000],
  ["Pak Hadi Wijaya", "0857-9988-7766", "", 215_000, 500_000],
  ["Toko Makmur Jaya", "021-555-0192", "Grosir", 6_120_500, 6_000_000],
].map(([name, phone, group, balance, limit], index) => ({
  customer_id: `c${index + 1}`,
  code: `C${String(index + 1).padStart(3, "0")}`,
  name: String(name),
  phone: String(phone),
  email: "",
  customer_group: String(group),
  balance: Number(balance),
  credit_limit: Number(limit),
  blocked: index === 3,
  archived: false,
}));

const CREDIT = {
  limit: 3_000_000,
  balance: 1_750_000,
  overdue: 400_000,
  available: 1_250_000,
  blocked: false,
};

const STATEMENT: Statement = {
  code: "C001",
  name: "Warung Bu Siti",
  currency: "IDR",
  opening: 600_000,
  lines: [
    ["2026-11-02", "sale", "JKT01-T1-26-S000031", 850_000, 0, 1_450_000],
    ["2026-11-09", "return", "JKT01-T1-26-R000004", 0, 100_000, 1_350_000],
    ["2026-11-17", "sale", "JKT01-T1-26-S000098", 400_000, 0, 1_750_000],
  ].map(([date, doc_kind, doc_number, charged, paid, balance]) => ({
    date: String(date),
    doc_kind: String(doc_kind),
    doc_number: String(doc_number),
    memo: "",
    charged: Number(charged),
    paid: Number(paid),
    balance: Number(balance),
  })),
  closing: 1_750_000,
  next_offset: null,
  credit: CREDIT,
};

const INSPECTION: Inspection = {
  file: "daftar-barang.csv",
  size: 184_320,
  format: "UTF-8, semicolon",
  sheets: [],
  columns: [
    ["Kode Barang", "A001", "A002", "A003"],
    ["Nama Barang", "Beras Pandan Wangi 5 kg", "Gula pasir 1 kg", "Kopi bubuk 165 g"],
    ["Satuan", "sak", "bungkus", "bungkus"],
    ["Harga Jual (Rp)", "78.500", "17.500", "14.250"],
    ["Kategori", "Sembako", "Sembako", "Minuman"],
    ["Rak", "A1", "A2", "B4"],
  ].map(([name = "", ...samples]) => ({ name, samples })),
  fields: [
    ["code", false, "text"],
    ["name", true, "text"],
    ["description", false, "text"],
    ["barcode", false, "text"],
    ["category", false, "text"],
    ["unit", false, "text"],
    ["price", false, "number"],
    ["cost", false, "number"],
    ["tax", false, "text"],
    ["pack_unit", false, "text"],
    ["pack_size", false, "number"],
  ].map(([name, required, reading]) => ({
    name: String(name),
    required: required === true,
    reading: reading === "number" ? "number" : "text",
  })),
  mapping: {
    columns: {
      code: "Kode Barang",
      name: "Nama Barang",
      unit: "Satuan",
      price: "Harga Jual (Rp)",
      category: "Kategori",
    },
    decimal: null,
    dates: null,
  },
  mapping_used_before: false,
  warnings: [],
};

const REPORT: ImportReport = {
  kind: "products",
  file: "daftar-barang.csv",
  dry_run: true,
  import_id: null,
  ready: false,
  rows: 1_204,
  created: 1_150,
  changed: 41,
  unchanged: 11,
  left_out: 0,
  categories_created: 9,
  error_count: 2,
  errors: [
    {
      line: 88,
      column: "Harga Jual (Rp)",
      message: 'Line 88, Harga Jual (Rp): "gratis" is not a number.',
      why: {
        code: "cell_not_a_number",
        message: '"gratis" is not a number',
        facts: { cell: "gratis" },
      },
    },
    {
      line: 412,
      column: "Nama Barang",
      message: "Line 412, Nama Barang: is empty.",
      why: { code: "cell_missing", message: "is empty", facts: {} },
    },
  ],
  warning_count: 0,
  warnings: [],
  examples: [
    ["Beras Pandan Wangi 5 kg", "created"],
    ["Gula pasir 1 kg", "changed"],
    ["Kopi bubuk 165 g", "unchanged"],
  ].map(([name = "", outcome], index) => ({
    line: index + 2,
    name,
    outcome: outcome as "created",
    detail: "",
    changes: outcome === "changed" ? [{ field: "price", from: "17000", to: "17500" }] : [],
  })),
  unused_columns: ["Rak"],
  sales: null,
};

const RUNS: ImportListed[] = [
  ["products", "daftar-barang.csv", 1_204, 1_150, null],
  ["customers", "pelanggan.xlsx", 212, 212, null],
  ["products", "coba.csv", 12, 12, Date.UTC(2026, 10, 10, 4, 0)],
].map(([kind, file, rows, created, undone_at], index) => ({
  import_id: `i${index}`,
  kind: String(kind),
  file: String(file),
  rows: Number(rows),
  created: Number(created),
  changed: 0,
  left_out: 0,
  imported_by: "u1",
  imported_at: Date.UTC(2026, 10, 19 - index, 4, 0),
  undone_at: undone_at === null ? null : Number(undone_at),
  undone: null,
}));

/** `job=running` shows an import at work; `empty` a shop with nothing in it. */
export function backOffice(asked: URLSearchParams): Record<string, Answer> {
  const none = asked.has("empty");
  const job: JobStatus = {
    job_id: "j1",
    kind: "import.start",
    state: asked.get("job") === "running" ? "running" : "done",
    done: 512,
    total: 1_204,
    note: "",
    result: asked.get("job") === "running" ? null : { ...REPORT, dry_run: false, ready: true },
    failure: null,
  };
  return {
    "catalogue.list": ({ text, category_id, offset }) => {
      const rows = LISTED.filter(
        (row) =>
          !none &&
          (!text || `${row.name} ${row.code}`.toLowerCase().includes(text.toLowerCase())) &&
          (!category_id || row.category_id === category_id),
      );
      const page = rows.slice(offset, offset + 60);
      return { rows: page, next_offset: offset + 60 < rows.length ? offset + 60 : null };
    },
    "catalogue.get": () => VIEW,
    "catalogue.save": () => ({ product_id: "p1" }),
    "catalogue.archive": () => ({}),
    "catalogue.history": () => ({ entries: HISTORY }),
    "catalogue.categories": () => ({ categories: CATEGORIES }),
    "catalogue.save_category": () => ({ category_id: "k1" }),
    "catalogue.tax_classes": () => ({ tax_classes: TAX_CLASSES }),
    "catalogue.price_lists": () => ({
      price_lists: [
        ["l1", "Harga toko", true],
        ["l2", "Grosir", false],
      ].map(([price_list_id, name, is_default]) => ({
        price_list_id,
        name,
        tax_inclusive: true,
        priority: 1,
        is_default,
        branch_id: null,
        archived: false,
      })),
      currency: "IDR",
    }),
    "catalogue.set_price": () => ({ price_id: "pr" }),
    "catalogue.end_price": () => ({}),
    "catalogue.put_image": () => ({ image_hash: "h" }),
    "catalogue.labels": ({ products }: { products: { product_id: string }[] }) => ({
      labels: products.map(({ product_id }) => {
        const row = LISTED.find((one) => one.product_id === product_id) ?? LISTED[0];
        return {
          product_id,
          name: row?.name,
          code: row?.code,
          unit: row?.base_unit,
          price: row?.price ?? null,
          tax_inclusive: true,
          barcode: row?.barcode ?? row?.code,
          date: "2026-11-20",
        };
      }),
    }),
    "print.label_stocks": () => ({ stocks: ["a4-3x8", "roll-40x30", "shelf-50x30"] }),
    "print.labels": ({ items }: { items: { pieces: number }[] }) => ({
      labels: items.reduce((all, { pieces }) => all + pieces, 0),
      job: { print_job_id: "pj" },
      path: null,
      warnings: [],
    }),
    "inventory.on_hand": ({ text, negative_only }) => ({
      lines: ON_HAND.filter(
        (row) =>
          !none &&
          row.name.toLowerCase().includes(text.toLowerCase()) &&
          (!negative_only || row.qty.startsWith("-")),
      ),
      total_value: 3_167_500,
      next: null,
    }),
    "inventory.stock_card": () => ({ lines: none ? [] : CARD, next: null }),
    "inventory.adjust": () => ({ number: "JKT01-T1-26-A000007", value: -14_578 }),
    "customers.list": ({ text, owing }) => ({
      rows: CUSTOMERS.filter(
        (row) =>
          !none &&
          (!text || row.name.toLowerCase().includes(text.toLowerCase())) &&
          (!owing || row.balance > 0),
      ),
      next_offset: null,
    }),
    "customers.get": () => ({
      customer: {
        customer_id: "c1",
        code: "C001",
        name: "Warung Bu Siti",
        phone: "0812-3456-7890",
        email: "siti@warung.example",
        address: "Jl. Kenanga 3, Jakarta Pusat",
        country: "Indonesia",
        tax_number: "",
        customer_group: "Grosir",
        price_list_id: null,
        credit_limit: 3_000_000,
        terms_days: 14,
        blocked: false,
        note: "Bayar setiap Jumat",
      },
      credit: CREDIT,
      archived: false,
    }),
    "customers.save": () => ({ customer_id: "c1" }),
    "customers.archive": () => ({}),
    "customers.statement": () => STATEMENT,
    "customers.groups": () => ({
      groups: [
        { name: "Grosir", price_list_id: "l2" },
        { name: "Karyawan", price_list_id: null },
      ],
    }),
    "customers.save_groups": () => ({}),
    "import.inspect": ({ path }: { path: string }) => {
      if (!path.includes("missing")) return INSPECTION;
      throw {
        code: "import_unreadable",
        message: `The file ${path} cannot be read: there is none.`,
        fields: {},
        facts: {},
      };
    },
    "import.dry_run": ({ options }) => ({
      ...REPORT,
      ready: options.leave_out_wrong_rows,
    }),
    "import.start": () => ({ job_id: "j1" }),
    "import.undo": () => ({ job_id: "j1" }),
    "import.list": () => ({ imports: none ? [] : RUNS, next: null }),
    "job.status": () => job,
    "job.cancel": () => {
      job.state = "cancelled";
      return {};
    },
  };
}
