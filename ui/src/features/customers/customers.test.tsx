import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("a customer", () => {
  it("is saved with a credit limit in minor units", async () => {
    const { person, calls } = opens("user=budi", "/customers/c1");
    const limit = await screen.findByTestId("customer-limit");
    await person.clear(limit);
    await person.type(limit, "4500000");
    await person.click(screen.getByTestId("customer-save"));
    await waitFor(() => expect(calls("customers.save")).toHaveLength(1));
    expect(calls("customers.save")[0]).toMatchObject({
      customer_id: "c1",
      name: "Warung Bu Siti",
      credit_limit: 4_500_000,
      terms_days: 14,
    });
  });

  it("who owes something is not archived, and the reason is told", async () => {
    const { person } = opens("user=budi", "/customers/c1", {
      "customers.archive": () => {
        throw {
          code: "customer_owes",
          message: "Warung Bu Siti still owes IDR 1750000: settle it first.",
          fields: {},
          facts: { customer: "Warung Bu Siti", balance: "1750000" },
        };
      },
    });
    await person.click(await screen.findByTestId("customer-archive"));
    await person.click(screen.getByTestId("customer-archive-confirm"));
    expect((await screen.findByTestId("toast")).textContent).toContain("still owes");
  });

  it("shows what is owed after every document", async () => {
    const { person } = opens("user=budi", "/customers/c1");
    await person.click(await screen.findByText("Statement"));
    const row = await screen.findByText("Return JKT01-T1-26-R000004");
    expect(row.closest("tr")?.textContent).toContain("1,350,000");
  });
});
