import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("the books", () => {
  it("a line of the trial balance opens the ledger of the same days", async () => {
    const { person, calls } = opens("user=ratna", "/trial-balance?from=2026-10-01&to=2026-10-31");
    expect((await screen.findByTestId("books-agree")).textContent).toContain("agree");
    expect(calls("finance.trial_balance")[0]).toEqual({
      from: "2026-10-01",
      to: "2026-10-31",
      this_branch: false,
    });
    await person.click(screen.getByText("Kas di laci"));
    expect((await screen.findByTestId("ledger-closing")).textContent).toContain("3,712,300");
    expect(calls("finance.ledger")[0]).toMatchObject({
      account_id: "k1100",
      from: "2026-10-01",
      to: "2026-10-31",
      after: null,
    });
  });

  it("books that are out are said to be", async () => {
    opens("user=ratna", "/trial-balance", {
      "finance.trial_balance": () => ({
        currency: "IDR",
        lines: [],
        debit: 10,
        credit: 9,
        difference: 1,
        as_of_commit: 4,
      }),
    });
    expect((await screen.findByRole("alert")).textContent).toContain("out by");
  });

  it("changing an account does not open its ledger", async () => {
    const { person, calls } = opens("user=ratna", "/ledger");
    const [first] = await screen.findAllByLabelText("Change the account");
    if (!first) throw new Error("no account can be changed");
    await person.click(first);
    await person.click(await screen.findByTestId("edit-save"));
    await waitFor(() => expect(calls("finance.save_account")).toHaveLength(1));
    expect(window.location.hash).toBe("#/ledger");
  });
});
