import { describe, expect, it } from "vitest";
import { show } from "./show";

describe("a value in the audit trail", () => {
  it("is written as a person knows it, not as it is stored", () => {
    expect(show("rate", 110_000)).toEqual({ kind: "decimal", text: "0.11" });
    expect(show("unit_price", 25_500)).toEqual({ kind: "decimal", text: "2.55" });
    expect(show("unit_price", 40_000_000)).toEqual({ kind: "decimal", text: "4000" });
    expect(show("factor", 24_000_000)).toEqual({ kind: "decimal", text: "24" });
    expect(show("credit_limit", 500_000)).toEqual({ kind: "money", minor: 500_000 });
    expect(show("archived", 1)).toEqual({ kind: "yes" });
    expect(show("archived", 0)).toEqual({ kind: "no" });
    expect(show("name", "Sari")).toEqual({ kind: "text", text: "Sari" });
  });

  it("is never a secret, not even its hash", () => {
    expect(show("pin_hash", "$argon2id$v=19$x")).toEqual({ kind: "secret" });
  });

  it("opens lists, and leaves what only looks like one", () => {
    expect(show("patterns", '["pos:*","audit:read"]')).toEqual({
      kind: "list",
      items: ["pos:*", "audit:read"],
    });
    expect(show("limits", '{"max_refund":5}')).toEqual({ kind: "list", items: ["max refund: 5"] });
    expect(show("name", "[new] tea")).toEqual({ kind: "text", text: "[new] tea" });
  });

  it("names a row by the end of its id, which differs", () => {
    expect(show("role_id", "0190f3a27b4c7d3e8f10aabbccddeeff")).toEqual({
      kind: "id",
      text: "…ddeeff",
    });
  });
});
