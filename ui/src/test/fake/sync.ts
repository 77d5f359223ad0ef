// The line of the shop in memory: `centre` connects it, `online` and `differs` say how it stands.
import type {
  CentreOverview,
  EntryView,
  ExchangeView,
  JoinStatus,
  ReconciledView,
  SyncOverview,
  SyncState,
  Tally,
} from "../../api/bindings";
import type { Answer } from "./answers";

const MINUTE_MS = 60_000;
const NOW = Date.UTC(2026, 10, 20, 3, 15);

const ENTRIES: EntryView[] = [
  {
    kind: "pos.complete",
    at_ms: NOW,
    who: "Sari Wulandari",
    number: "JKT01-T1-26-S000123",
    reason: "",
  },
  { kind: "settings.save", at_ms: NOW + MINUTE_MS, who: "", number: null, reason: "" },
];

const EXCHANGES: ExchangeView[] = [
  {
    exchange_id: 2,
    began_at: NOW,
    took_ms: 10_000,
    outcome: "offline",
    pushed: 0,
    applied: 0,
    deferred: 0,
    bytes_out: 0,
    bytes_in: 0,
    problem: "Nobody answers at the centre's address.",
  },
  {
    exchange_id: 1,
    began_at: NOW - MINUTE_MS,
    took_ms: 84,
    outcome: "done",
    pushed: 3,
    applied: 11,
    deferred: 0,
    bytes_out: 1_536,
    bytes_in: 7_168,
    problem: "",
  },
];

const tally = (receipts: number, total: number): Tally => ({
  receipts,
  totals: [{ currency: "IDR", digits: 0, total }],
  hash: "f".repeat(64),
});

export function fakeSync(asked: URLSearchParams): Record<string, Answer> {
  const isConnected = asked.has("centre");
  const isOnline = asked.has("online");
  const differs = asked.has("differs");
  const state: SyncState = {
    phase: isConnected ? (isOnline ? "online" : "offline") : "not_connected",
    since_ms: isConnected && !isOnline ? Date.now() - 20 * MINUTE_MS : null,
    pending: 24,
    oldest_ms: Date.now() - 12 * MINUTE_MS,
    clock_off_ms: asked.has("clock") ? 7 * MINUTE_MS : null,
    date_in_doubt: false,
    deferred: 0,
    differs,
    problem: "",
  };
  const reconciled: ReconciledView = {
    agreement: differs ? "different" : "same",
    asked_at: NOW,
    ours: tally(12, 1_234_000),
    theirs: differs ? tally(11, 1_200_000) : tally(12, 1_234_000),
    signature: "a1b2c3d4",
  };
  const overview: SyncOverview = {
    state,
    machine: {
      centre: isConnected ? "https://centre.example" : null,
      plain: false,
      connected_at: isConnected ? NOW : null,
      branch: "Jakarta Pusat",
      terminal: "Kasir 1",
      series: "T1",
      origin: "0a1b2c3d",
      entries: 18_261,
      schema: 11,
    },
    exchanges: isConnected ? EXCHANGES : [],
    waiting: ENTRIES,
    deferred: [],
    reconciled,
  };
  const machines: CentreOverview = {
    machines: [
      {
        origin: "0a1b2c3d-0000-4000-8000-000000000000",
        terminal_id: "t1",
        terminal: "Kasir 1",
        branch: "Jakarta Pusat",
        series: "T1",
        state: "active",
        seen_at: NOW,
        clock_off_ms: 1_000,
        app: "Lumbung 0.1.0",
        entries: 18_237,
        parked: 0,
      },
    ],
  };
  let joining: JoinStatus | null = asked.has("cut")
    ? {
        step: "interrupted",
        address: "https://centre.example",
        done: 0,
        total: null,
        failure: null,
      }
    : null;
  const elsewhere = () => {
    throw isConnected
      ? {
          code: "not_the_centre",
          message: "Machines are looked after at the centre.",
          fields: {},
          facts: { address: "https://centre.example" },
        }
      : { code: "no_centre", message: "This company has no centre yet.", fields: {}, facts: {} };
  };
  const fetching = () => {
    joining = {
      step: "fetching",
      address: "https://centre.example",
      done: 5 * 1024 * 1024,
      total: 20 * 1024 * 1024,
      failure: null,
    };
    return {};
  };
  return {
    "sync.state": () => state,
    "sync.overview": () => overview,
    "sync.session": () => reconciled,
    "sync.now": () => ({}),
    "sync.joining": () => joining,
    "sync.join": ({ address }: { address: string }) => {
      if (address.startsWith("http://")) {
        throw {
          code: "plain_http",
          message: "Everything would be readable on the way.",
          fields: { address: "Everything would be readable on the way." },
          facts: {},
        };
      }
      return fetching();
    },
    "sync.go_on": fetching,
    "sync.give_up": () => {
      joining = null;
      return {};
    },
    "sync.found": () => ({}),
    "sync.move": () => ({}),
    "terminal.add": () => ({ terminal_id: "t2", series: "T2", scope_no: 1 }),
    "centre.overview": () => (asked.has("office") ? machines : elsewhere()),
    "centre.issue": () => ({ code: "K7QM-2XRP-94TD", expires_at: NOW + 60 * MINUTE_MS }),
    "centre.revoke": () => ({}),
  };
}
