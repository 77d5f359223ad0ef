// The other side of a browser: the centre. A token lives in this page for minutes; what renews it
// lies in a cookie that no script can read. Words about tills that the centre does not answer are
// answered here: who sits at this page, and that the company is open.
import type { Event as Heard, Me, SeatView, StartStatus } from "./bindings";
import type { Transport } from "./transport";

/** Another site's form cannot send this header. */
const HEADERS = { "content-type": "application/json", "x-lumbung-client": "web" };
/** Renewed this much before its end, so that no call meets the end. */
const EARLY_MS = 30_000;
/** After which the stream of hints is asked for again. */
const AGAIN_MS = 5_000;
const ONE_AT_A_TIME = "lumbung-refresh";

interface SignedIn {
  me: Me;
  token: string;
  seconds: number;
}

interface Held {
  me: Me;
  token: string;
  until: number;
}

/** What the centre tells everybody who listens: every answer may be stale. */
const EVERYTHING: Heard = {
  event: "changed",
  tags: [
    "audit",
    "catalogue",
    "company",
    "customers",
    "exceptions",
    "finance",
    "inventory",
    "pos",
    "sync",
    "users",
  ],
};

const SIGNED_OUT = { code: "signed_out", message: "Sign in first.", fields: {}, facts: {} };

async function post(path: string, args: unknown, token?: string): Promise<Response> {
  const headers = token ? { ...HEADERS, authorization: `Bearer ${token}` } : HEADERS;
  const body = JSON.stringify(args ?? {});
  return fetch(path, { method: "POST", headers, body, credentials: "same-origin" });
}

async function answerOf(response: Response): Promise<unknown> {
  if (response.status === 204) return {};
  const body: unknown = await response.json();
  if (!response.ok) throw body;
  return body;
}

/** Runs one at a time over all tabs: a refresh secret is good once. */
async function alone<T>(run: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(ONE_AT_A_TIME, run) : run();
}

export function webTransport(now: () => number = Date.now): Transport {
  let held: Held | null = null;
  let renewing: Promise<Held | null> | null = null;
  const heard = new Set<(event: Heard) => void>();

  const hold = (signedIn: SignedIn): Held => {
    const { me, token, seconds } = signedIn;
    held = { me, token, until: now() + seconds * 1000 };
    return held;
  };

  const renew = (): Promise<Held | null> => {
    renewing ??= alone(async () => {
      const response = await post("/auth/refresh", {});
      if (response.ok) return hold((await response.json()) as SignedIn);
      // Only a clear no ends the session: a centre that is away may come back.
      if (response.status === 401 || response.status === 403) held = null;
      else throw await response.json();
      return null;
    }).finally(() => {
      renewing = null;
    });
    return renewing;
  };

  const current = async (): Promise<Held | null> =>
    held && held.until - EARLY_MS > now() ? held : renew();

  const rpc = async (name: string, args: unknown): Promise<unknown> => {
    let person = await current();
    for (let again = true; person; again = false) {
      const response = await post(`/rpc/${name}`, args, person.token);
      if (response.status !== 401 || !again) return answerOf(response);
      person = await renew();
    }
    throw SIGNED_OUT;
  };

  const own: Record<string, (args: unknown) => Promise<unknown>> = {
    "start.status": async () => ({ ...OPEN, company: held?.me.place.company.name ?? null }),
    "users.sign_in_list": async () => [],
    "users.me": async (): Promise<SeatView> => ({
      me: (await current())?.me ?? null,
      locked: false,
    }),
    "users.sign_in": async (args) =>
      hold((await answerOf(await post("/auth/sign-in", args))) as SignedIn).me,
    "users.sign_out": async () => {
      held = null;
      return answerOf(await post("/auth/sign-out", {}));
    },
  };
  // A browser that is left alone is left signed out: its PIN would be asked by the same door.
  own["users.lock"] = own["users.sign_out"] as (args: unknown) => Promise<unknown>;

  const tellAll = () => {
    for (const tell of heard) tell(EVERYTHING);
  };

  const follow = async (stopped: AbortSignal) => {
    while (!stopped.aborted) {
      try {
        if (held) await hints(held.token, stopped, tellAll);
      } catch {
        // The line broke: what was missed is read when it is back.
      }
      await new Promise((go) => setTimeout(go, AGAIN_MS));
    }
  };

  return {
    browser: true,
    call: (name, args) => own[name]?.(args) ?? rpc(name, args),
    listen(tell) {
      heard.add(tell);
      const stop = new AbortController();
      void follow(stop.signal);
      return () => {
        heard.delete(tell);
        stop.abort();
      };
    },
  };
}

/** Reads the stream of hints until it ends; each says only that there is something new. */
async function hints(token: string, signal: AbortSignal, tell: () => void): Promise<void> {
  const headers = { ...HEADERS, authorization: `Bearer ${token}` };
  const response = await fetch("/events", { headers, signal });
  const reader = response.ok ? response.body?.getReader() : undefined;
  if (!reader) return;
  const words = new TextDecoder();
  let first = true;
  for (let rest = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + words.decode(value, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      if (!event.includes("data:")) continue;
      // The first says where the log is now, which is what was read.
      if (!first) tell();
      first = false;
    }
  }
}

const OPEN: StartStatus = {
  state: "ready",
  message: { code: "", message: "", facts: {} },
  older: null,
  warnings: [],
  company: null,
  branch: null,
  terminal: null,
  language: null,
  demo_users: [],
  data_folder: "",
  version: "",
};
