import { afterEach, describe, expect, it, vi } from "vitest";
import { webTransport } from "./web";

const ME = { user_id: "u", name: "Sari", place: { company: { name: "Toko Maju" } } };

interface Asked {
  path: string;
  headers: Record<string, string>;
}

/** A centre that answers as told, in order; what was asked of it is kept. */
function centre(answers: Record<string, [number, unknown][]>): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, how: { headers: Record<string, string> }) => {
    asked.push({ path, headers: how.headers });
    const [status, body] = answers[path]?.shift() ?? [404, {}];
    return new Response(status === 204 ? null : JSON.stringify(body), { status });
  });
  return asked;
}

const signedIn = (token: string) => ({ me: ME, token, seconds: 600 });
const no = { code: "signed_out", message: "Sign in first.", fields: {}, facts: {} };

afterEach(() => vi.unstubAllGlobals());

describe("a browser speaks with the centre", () => {
  it("signs in, and every call carries the token and the header", async () => {
    const asked = centre({
      "/auth/sign-in": [[200, signedIn("one")]],
      "/rpc/company.get": [[200, { name: "Toko Maju" }]],
    });
    const web = webTransport();
    expect(await web.call("users.sign_in", { username: "sari", pin: "1357" })).toEqual(ME);
    expect(await web.call("company.get", {})).toEqual({ name: "Toko Maju" });
    expect(asked[1]?.headers).toMatchObject({
      authorization: "Bearer one",
      "x-lumbung-client": "web",
    });
  });

  it("knows a person again after the page was loaded anew", async () => {
    centre({ "/auth/refresh": [[200, signedIn("two")]] });
    expect(await webTransport().call("users.me", {})).toEqual({ me: ME, locked: false });
  });

  it("says that nobody is signed in when the session has ended", async () => {
    centre({ "/auth/refresh": [[401, no]] });
    expect(await webTransport().call("users.me", {})).toEqual({ me: null, locked: false });
  });

  it("renews a token before its end, and only once for many calls", async () => {
    let now = 0;
    const asked = centre({
      "/auth/sign-in": [[200, signedIn("one")]],
      "/auth/refresh": [[200, signedIn("two")]],
      "/rpc/users.list": [
        [200, 1],
        [200, 2],
      ],
    });
    const web = webTransport(() => now);
    await web.call("users.sign_in", {});
    now = 580_000;
    await Promise.all([web.call("users.list", {}), web.call("users.list", {})]);
    expect(asked.filter(({ path }) => path === "/auth/refresh")).toHaveLength(1);
    expect(asked.at(-1)?.headers.authorization).toBe("Bearer two");
  });

  it("renews a token that the centre does not take any more, once", async () => {
    const asked = centre({
      "/auth/sign-in": [[200, signedIn("one")]],
      "/auth/refresh": [[200, signedIn("two")]],
      "/rpc/users.list": [
        [401, no],
        [401, no],
      ],
    });
    const web = webTransport();
    await web.call("users.sign_in", {});
    await expect(web.call("users.list", {})).rejects.toMatchObject({ code: "signed_out" });
    expect(asked.map(({ path }) => path).filter((path) => path.startsWith("/rpc"))).toHaveLength(2);
  });

  it("keeps the person when the centre is only away", async () => {
    let now = 0;
    centre({
      "/auth/sign-in": [[200, signedIn("one")]],
      "/auth/refresh": [
        [503, { code: "unavailable", message: "Away." }],
        [200, signedIn("two")],
      ],
      "/rpc/users.list": [[200, 1]],
    });
    const web = webTransport(() => now);
    await web.call("users.sign_in", {});
    now = 700_000;
    await expect(web.call("users.list", {})).rejects.toMatchObject({ code: "unavailable" });
    expect(await web.call("users.list", {})).toBe(1);
  });
});
