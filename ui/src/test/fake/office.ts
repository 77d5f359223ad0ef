// The office of the shop in memory: people, settings, books, backups, papers.
import type {
  Account,
  ApprovalView,
  AuditEntry,
  BarcodeRule,
  Chart,
  CompanyView,
  Exception,
  JobStatus,
  KnownPermission,
  LedgerLine,
  Printer,
  PrintJob,
  Role,
  TrialBalanceLine,
  User,
} from "../../api/bindings";
import type { Report } from "../../features/backup/report";
import type { Answer } from "./answers";

const NOW = Date.UTC(2026, 10, 20, 3, 15);
const HOUR = 3_600_000;

const permission = (name: string, english: string, indonesian: string): KnownPermission => ({
  name,
  english,
  indonesian,
});

const PERMISSIONS: KnownPermission[] = [
  permission("pos:read", "See sales and receipts", "Melihat penjualan dan struk"),
  permission("pos:sell", "Sell", "Menjual"),
  permission("pos:discount", "Give discounts", "Memberi diskon"),
  permission("pos:override_price", "Change prices at the till", "Mengubah harga di kasir"),
  permission("pos:return", "Take goods back with a receipt", "Menerima retur dengan struk"),
  permission("pos:void", "Void a sale of this session", "Membatalkan penjualan sesi ini"),
  permission("pos:session", "Open and count a cash session", "Membuka dan menghitung sesi kas"),
  permission("pos:approve", "Approve what a cashier may not do", "Menyetujui tindakan kasir"),
  permission("catalogue:read", "See products and prices", "Melihat produk dan harga"),
  permission("catalogue:edit", "Change products and prices", "Mengubah produk dan harga"),
  permission("customers:read", "See customers", "Melihat pelanggan"),
  permission("customers:edit", "Change customers", "Mengubah pelanggan"),
  permission("finance:read", "See the books", "Melihat pembukuan"),
  permission("inventory:read", "See stock", "Melihat stok"),
  permission("users:read", "See users and roles", "Melihat pengguna dan peran"),
  permission("users:edit", "Change users and roles", "Mengubah pengguna dan peran"),
  permission("settings:edit", "Change settings", "Mengubah pengaturan"),
  permission("backup:run", "Make and restore backups", "Membuat dan memulihkan cadangan"),
  permission("audit:read", "See who did what", "Melihat jejak audit"),
];

const role = (code: string, name: string, patterns: string[], discount: string): Role => ({
  role_id: `r-${code}`,
  code,
  name,
  patterns,
  limits: {
    max_discount: discount,
    max_price_override: code === "owner" ? "9223372036854.775807" : discount,
    max_refund: code === "owner" ? Number.MAX_SAFE_INTEGER : 500_000,
    over_short_threshold: code === "owner" ? Number.MAX_SAFE_INTEGER : 20_000,
  },
  archived: false,
});

const ROLES = [
  role("owner", "Owner", ["*"], "1"),
  role("manager", "Manager", ["pos:*", "catalogue:*", "users:read", "audit:read"], "0.3"),
  role("cashier", "Cashier", ["pos:read", "pos:sell", "pos:return", "catalogue:read"], "0.05"),
  role("guard", "Gate guard", ["fleet:drive"], "0"),
];

const person = (index: number, username: string, name: string, of: string): User => ({
  user_id: `u${index}`,
  username,
  name,
  language: index % 2 ? "id" : "en",
  role_ids: [`r-${of}`],
  branch_ids: index > 2 ? ["b1"] : [],
  archived: username === "tono",
});

const PEOPLE = [
  person(0, "ratna", "Ibu Ratna", "owner"),
  person(1, "budi", "Budi Santoso", "manager"),
  person(2, "sari", "Sari Wulandari", "cashier"),
  person(3, "dewi", "Dewi Lestari", "cashier"),
  person(4, "joko", "Joko Prasetyo", "cashier"),
  person(5, "tono", "Tono Hidayat", "cashier"),
];

const APPROVALS: ApprovalView[] = [
  ["discount", "a discount of 15 %", "Regular customer"],
  ["late_return", "a return 12 days late", "Owner agreed"],
  ["over_short", "the drawer is 25,000 short", "Wrong change given"],
].map(([what = "", detail = "", reason = ""], index) => ({
  approval_id: `a${index}`,
  what,
  detail,
  reason,
  requested_by: "u2",
  approved_by: "u1",
  approved_at: NOW - index * 7 * HOUR,
  business_date: "2026-11-20",
}));

const account = (code: string, name: string, kind: string): Account => ({
  account_id: `k${code}`,
  code,
  name,
  kind,
  control: ["1100", "1200", "1300"].includes(code),
  archived: false,
});

const ACCOUNTS = [
  account("1100", "Kas di laci", "asset"),
  account("1110", "Kas di brankas", "asset"),
  account("1200", "Piutang pelanggan", "asset"),
  account("1300", "Persediaan barang", "asset"),
  account("2100", "Pajak keluaran", "liability"),
  account("3100", "Saldo awal", "equity"),
  account("4100", "Penjualan", "income"),
  account("5100", "Harga pokok penjualan", "expense"),
];

const balance = (
  index: number,
  opening: number,
  debit: number,
  credit: number,
): TrialBalanceLine => ({
  account: ACCOUNTS[index] ?? account("9999", "?", "asset"),
  opening,
  debit,
  credit,
  closing: opening + debit - credit,
});

const BALANCE = [
  balance(0, 300_000, 48_912_300, 45_500_000),
  balance(1, 12_000_000, 45_500_000, 0),
  balance(2, 1_750_000, 2_140_000, 900_000),
  balance(3, 184_250_000, 31_000_000, 36_120_450),
  balance(4, -2_410_000, 0, 4_911_846),
  balance(5, -195_890_000, 0, 0),
  balance(6, 0, 0, 76_240_454),
  balance(7, 0, 36_120_450, 0),
];

const LEDGER: LedgerLine[] = Array.from({ length: 24 }, (_, index) => ({
  line_id: `j${index}`,
  entry_date: `2026-11-${String(1 + Math.floor(index / 2)).padStart(2, "0")}`,
  doc_kind: index % 7 === 6 ? "cash_movement" : index % 5 === 4 ? "return" : "sale",
  doc_number: `JKT01-T1-26-S${String(40 + index).padStart(6, "0")}`,
  memo: index % 7 === 6 ? "Setor ke brankas" : "",
  amount: index % 5 === 4 || index % 7 === 6 ? -41_000 : 18_500 + index * 1_250,
}));

const MAPPING: Chart["mapping"] = [
  ["cash", "k1100"],
  ["cash_safe", "k1110"],
  ["receivable", "k1200"],
  ["inventory", "k1300"],
  ["tax_output", "k2100"],
  ["revenue", "k4100"],
  ["cost_of_goods", "k5100"],
].map(([posting_key = "", account_id = ""]) => ({ posting_key, account_id }));

const entry = (index: number, change: Partial<AuditEntry>): AuditEntry => ({
  reference: `c${index}`,
  source: "change",
  at_ms: NOW - index * 21 * 60_000,
  user_id: "u0",
  user: "Ibu Ratna",
  action: "catalogue.save",
  table: "product",
  key: `0190f3a2-7b4c-7d3e-8f10-0000000000${10 + index}`,
  group: "NAMING",
  changes: [],
  detail: "",
  reason: "",
  approved_by: null,
  ...change,
});

const WAITING: Omit<Exception, "exception_id" | "rule" | "subject" | "facts" | "owner"> = {
  branch: "Toko Kemang",
  due_date: "2026-11-23",
  overdue: false,
  raised_at: 1_795_140_000_000,
  state: "open",
  closes_itself: true,
  closed_at: null,
  closed_by: "",
  note: "",
};

const EXCEPTIONS: Exception[] = [
  {
    ...WAITING,
    exception_id: "x1",
    rule: "negative_stock",
    subject: "Teh Botol Sosro 250 ml",
    facts: { code: "T-250", qty: "-2", unit: "pcs", location: "Main store", product_id: "p1" },
    owner: "storekeeper",
  },
  {
    ...WAITING,
    exception_id: "x2",
    rule: "duplicate_number",
    subject: "JKT-T1-26-000318",
    facts: { terminals: "Till 1; Till 2", times: "2" },
    owner: "accountant",
    branch: "",
    closes_itself: false,
    overdue: true,
  },
];

const TRAIL: AuditEntry[] = [
  entry(0, {
    action: "catalogue.set_price",
    table: "price",
    changes: [{ field: "unit_price", before: 35_000_000, after: 37_500_000 }],
  }),
  entry(1, {
    action: "roles.save",
    table: "role",
    changes: [
      {
        field: "patterns",
        before: '["pos:read","pos:sell"]',
        after: '["pos:read","pos:sell","pos:return"]',
      },
      { field: "archived", before: 0, after: 1 },
    ],
  }),
  entry(2, {
    source: "approval",
    action: "discount",
    table: null,
    key: null,
    user: "Sari Wulandari",
    detail: "a discount of 15 %",
    reason: "Regular customer",
    approved_by: "Budi Santoso",
  }),
  entry(3, {
    action: "users.save",
    table: "user",
    changes: [{ field: "pin_hash", before: null, after: null }],
  }),
  entry(4, {
    source: "access",
    action: "refused",
    table: null,
    key: null,
    user: "",
    detail: "sari sign_in",
  }),
  ...Array.from({ length: 30 }, (_, index) =>
    entry(5 + index, {
      changes: [{ field: "name", before: "TEH BOTOL 250", after: "TEH BOTOL SOSRO KOTAK 250 ML" }],
    }),
  ),
];

const PRINTER: Printer = {
  name: "Epson kasir",
  destination: { kind: "network", host: "192.168.1.50", port: 9100 },
  speech: "escpos",
  width_mm: 80,
  options: {
    code_pages: ["pc437", "pc858", "wpc1252"],
    cut: "partial",
    drawer_kick: null,
    qr_native: true,
    barcode_native: false,
    small_font: true,
    inverse: true,
  },
  drawer: "pin2",
  fallback: null,
};

const JOBS: PrintJob[] = [
  ["Receipt JKT01-T1-26-S000123", "waiting", "printer_no_answer"],
  ["Receipt JKT01-T1-26-S000122", "waiting", ""],
  ["Z report JKT01-T1-26-Z000212", "failed", "printer_missing"],
  ["Receipt JKT01-T1-26-S000121", "printed", ""],
].map(([title = "", state = "", code = ""], index) => ({
  print_job_id: `p${index}`,
  title,
  printer: "Epson kasir",
  state,
  tries: code ? 4 : 0,
  problems: code
    ? [
        {
          code,
          message: "The printer at 192.168.1.50:9100 did not answer: is it switched on?",
          facts: { place: "192.168.1.50:9100" },
        },
      ]
    : [],
  created_at: NOW - index * HOUR,
  next_try_at: NOW + 16_000,
}));

const RULES: BarcodeRule[] = [
  ["Timbangan: berat", "20PPPPPWWWWWC", "weight"] as const,
  ["Timbangan: harga", "02PPPPPWWWWWC", "price"] as const,
].map(([name, pattern, kind], index) => ({
  barcode_rule_id: `br${index}`,
  name,
  pattern,
  value: { kind, decimals: kind === "weight" ? 3 : 0 },
  archived: false,
}));

const REPORT: Report = {
  ok: false,
  checked_at: NOW,
  checks: ["file", "chain", "stock_balance", "ledger_balance", "receipts", "series"].map(
    (name, index) => ({
      name,
      title: name,
      ok: index !== 2,
      count: 18_204 - index * 1_031,
      found: index === 2 ? 1 : 0,
      findings:
        index === 2
          ? [
              {
                code: "found_stock_balance",
                message: "TEH BOTOL SOSRO KOTAK 250 ML: what is kept differs from its moves.",
                facts: { called: "TEH BOTOL SOSRO KOTAK 250 ML", qty: "1000000", value: "3500" },
              },
            ]
          : [],
    }),
  ),
};

const job = (job_id: string, result: unknown): JobStatus => ({
  job_id,
  kind: job_id,
  state: "done",
  done: 1,
  total: 1,
  note: "",
  result,
  failure: null,
});

/** What an office write answers does not matter to a screen. */
const WRITES = [
  "company.save",
  "branch.save",
  "terminal.save",
  "settings.save",
  "machine.save_setting",
  "users.save",
  "roles.save",
  "users.change_pin",
  "finance.save_account",
  "finance.save_mapping",
  "print.save_printers",
  "print.retry",
  "print.cancel",
  "catalogue.save_tax_class",
  "catalogue.save_price_list",
  "catalogue.save_barcode_rule",
  "catalogue.save_reason",
];

/** What the office asks for; jobs it did not start are the goods'. */
export function fakeOffice(
  place: CompanyView,
  goods: Record<string, Answer>,
): Record<string, Answer> {
  return {
    ...Object.fromEntries(WRITES.map((name) => [name, () => ({})])),
    "company.get": () => place,
    "branch.list": () => ({
      branches: [
        place.branch,
        { ...place.branch, branch_id: "b2", code: "BDG01", name: "Bandung", phone: "022 555 0101" },
      ],
      terminals: [
        place.terminal,
        { ...place.terminal, terminal_id: "t2", series: "T2", name: "Kasir 2" },
      ],
    }),
    "machine.setting": ({ key }) => ({ key, value: null }),
    "users.list": () => ({ users: PEOPLE, roles: ROLES, permissions: PERMISSIONS }),
    "approvals.list": () => APPROVALS,
    "finance.chart": () => ({ accounts: ACCOUNTS, mapping: MAPPING }),
    "finance.trial_balance": () => ({
      currency: "IDR",
      lines: BALANCE,
      debit: 163_672_750,
      credit: 163_672_750,
      difference: 0,
      as_of_commit: 18_204,
    }),
    "finance.ledger": () => ({ lines: LEDGER, next: null }),
    "exceptions.list": (args) => ({
      rows: args.closed ? [] : EXCEPTIONS,
      next_offset: null,
    }),
    "exceptions.count": () => ({ open: EXCEPTIONS.length }),
    "exceptions.settle": () => ({}),
    "audit.list": () => ({ entries: TRAIL, cursor: "more" }),
    "audit.of": () => ({ entries: TRAIL.slice(5, 8), cursor: null }),
    "print.printers": () => ({ receipt: PRINTER, session: null, label: null, invoice: null }),
    "print.queue": () => JOBS,
    "print.test": () => ({ print_job_id: "p9", printer: "Epson kasir", copy: null, warnings: [] }),
    "backup.now": () => ({ job_id: "backup" }),
    "verify.start": () => ({ job_id: "verify" }),
    "job.status": (args) => {
      if (args.job_id === "verify") return job("verify", REPORT);
      if (args.job_id === "backup") return job("backup", { second: null, second_failed: null });
      return goods["job.status"]?.(args);
    },
    "backup.make_recovery_key": () => ({ file: "k", made_at: NOW, passphrase_min: 12 }),
    "backup.export": ({ file }) => ({ file, bytes: 1_204_224 }),
    "backup.save_support": () => ({
      file: "/home/toko/.local/share/app.lumbung.desktop/support/lumbung-support.json",
      bytes: 2_048,
    }),
    "backup.support": () => ({ version: "0.1.0", system: "linux", state: "ready", backups: 24 }),
    "catalogue.prices": () => ({
      prices: ["AQUA AIR MINERAL BOTOL 600 ML", "TEH BOTOL SOSRO KOTAK 250 ML"].map(
        (name, index) => ({
          price_id: `pr${index}`,
          product_id: `p${index}`,
          code: `88860081010${index}`,
          name,
          product_unit_id: null,
          unit: "pcs",
          min_qty: index ? "12" : "1",
          unit_price: "4000",
          valid_from: index ? "2026-11-01" : null,
          valid_to: null,
        }),
      ),
      next: null,
    }),
    "catalogue.barcode_rules": () => ({ rules: RULES }),
    "catalogue.try_barcode": ({ code }) => ({
      rule: "Timbangan: berat",
      item_code: code.slice(2, 7),
      qty: "1.25",
      line_price: null,
      products: ["BERAS PANDAN WANGI"],
      problem: null,
    }),
    "catalogue.all_reasons": () => ({
      kinds: ["return", "void", "price", "discount", "cash_in", "cash_out", "cash_drop", "no_sale"],
      reasons: ["Kemasan rusak", "Salah beli", "Kedaluwarsa"].map((name, index) => ({
        reason_id: `re${index}`,
        kind: "return",
        name,
        archived: index === 2,
      })),
    }),
  };
}
