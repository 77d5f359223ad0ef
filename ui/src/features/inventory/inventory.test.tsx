import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("stock", () => {
  it("is adjusted with a reason, and not without one", async () => {
    const { person, calls } = opens("user=joko", "/inventory/p1");
    await screen.findByText("INDOMIE GORENG SPESIAL 85 GR");
    await person.click(await screen.findByTestId("inventory-adjust"));
    await person.type(await screen.findByTestId("adjust-qty-1"), "-3");
    expect(screen.getByTestId("adjust-confirm").hasAttribute("disabled")).toBe(true);
    await person.type(screen.getByTestId("adjust-reason"), "Counted");
    await person.click(screen.getByTestId("adjust-confirm"));
    await waitFor(() => expect(calls("inventory.adjust")).toHaveLength(1));
    expect(calls("inventory.adjust")[0]).toEqual({
      kind: "correction",
      reason: "Counted",
      note: "",
      lines: [{ product_id: "p1", status: "sellable", qty: "-3", unit_cost: null }],
    });
    expect((await screen.findByTestId("toast")).textContent).toContain("JKT01-T1-26-A000007");
  });
});
