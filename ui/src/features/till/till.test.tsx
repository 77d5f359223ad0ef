import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens, scan } from "../../test/window";

const AQUA = "8886008101053";

async function total(text: string) {
  const shown = await screen.findByTestId("ticket-total");
  await waitFor(() => expect(shown.textContent?.replace(/\s/g, " ")).toBe(text));
}

describe("the till", () => {
  it("puts a scanned article on the ticket, wherever the focus is", async () => {
    const { calls } = opens("user=sari");
    await screen.findByTestId("till-search");
    scan(AQUA);
    const line = await screen.findByTestId("ticket-line-1");
    expect(line.textContent).toContain("AQUA AIR MINERAL");
    expect(screen.getByTestId<HTMLInputElement>("till-search").value).toBe("");
    await total("Rp 4,000");
    expect(calls("pos.keep_ticket")).toHaveLength(1);
  });

  it("sells so many at once when a number and a star come first", async () => {
    const { person, calls } = opens("user=sari");
    await person.type(await screen.findByTestId("till-search"), "3*");
    scan(AQUA);
    await screen.findByTestId("ticket-line-1");
    expect(calls("pos.add")[0]).toMatchObject({ code: AQUA, qty: "3" });
  });

  it("finds articles as a cashier types, and adds the chosen one with Enter", async () => {
    const { person } = opens("user=sari");
    await person.type(await screen.findByTestId("till-search"), "ko");
    const results = await screen.findByTestId("till-results");
    await waitFor(() => expect(within(results).getAllByRole("option")).toHaveLength(2));
    await person.keyboard("{ArrowDown}{Enter}");
    const line = await screen.findByTestId("ticket-line-1");
    expect(line.textContent).toContain("KAPAL API");
  });

  it("says so when nothing has the scanned code, and leaves it in the search", async () => {
    opens("user=sari");
    await screen.findByTestId("till-search");
    scan("4006381333931");
    expect(await screen.findByText(/Nothing has the code 4006381333931/)).toBeTruthy();
    expect(screen.getByTestId<HTMLInputElement>("till-search").value).toBe("4006381333931");
  });

  it("counts a line up and down by key, and removes the last piece on record", async () => {
    const { person, calls } = opens("user=sari");
    await screen.findByTestId("till-search");
    scan(AQUA);
    await screen.findByTestId("ticket-line-1");
    await person.keyboard("+");
    await total("Rp 8,000");
    await person.keyboard("-");
    await total("Rp 4,000");
    await person.keyboard("-");
    await waitFor(() => expect(screen.queryByTestId("ticket-line-1")).toBeNull());
    expect(calls("pos.void_line")).toHaveLength(1);
  });

  it("asks a manager where one is needed, and sends the same command with their word", async () => {
    const strict = {
      code: "approval_required",
      message: "A manager must allow this.",
      fields: {},
      facts: { detail: "too many lines" },
    };
    const { person, calls } = opens("user=sari&ticket=1", "", {
      "pos.void_line": (args) => {
        if (!args.approval) throw strict;
        return {};
      },
    });
    await screen.findByTestId("ticket-line-5");
    await person.keyboard("{Delete}");
    const dialog = await screen.findByTestId("approval-dialog");
    await person.click(within(dialog).getByTestId("approval-user"));
    await person.click(await screen.findByRole("option", { name: "Budi Santoso" }));
    await person.type(screen.getByTestId("approval-pin"), "8642");
    await person.type(screen.getByTestId("approval-reason"), "Wrong scan");
    await person.click(screen.getByTestId("approval-confirm"));
    await waitFor(() => expect(screen.queryByTestId("ticket-line-5")).toBeNull());
    expect(calls("pos.void_line").at(-1)).toMatchObject({
      product_id: "p7",
      approval: { user_id: "u1", pin: "8642", reason: "Wrong scan" },
    });
  });

  it("changes nothing when the manager declines", async () => {
    const { person } = opens("user=sari&ticket=1&strict=1");
    await screen.findByTestId("ticket-line-5");
    await person.keyboard("{Delete}");
    await screen.findByTestId("approval-dialog");
    await person.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByTestId("approval-dialog")).toBeNull());
    expect(screen.getByTestId("ticket-line-5")).toBeTruthy();
    expect(screen.queryByTestId("toast")).toBeNull();
  });
});

describe("paying", () => {
  it("takes card and cash, gives change, and goes on to the next customer", async () => {
    const { person, calls } = opens("user=sari&ticket=1");
    await total("Rp 94,500");
    await person.keyboard("{F12}");
    await person.click(await screen.findByTestId("tender-card"));
    await person.type(screen.getByTestId("tender-amount"), "50000");
    await person.click(screen.getByTestId("tender-add"));
    await waitFor(() =>
      expect(screen.getByTestId("pay-remaining").textContent).toContain("44,500"),
    );
    await person.click(screen.getByTestId("tender-cash"));
    await person.type(screen.getByTestId("tender-amount"), "50000{Enter}");
    await waitFor(() => expect(screen.getByTestId("pay-change").textContent).toContain("5,500"));
    await person.click(screen.getByTestId("pay-complete"));
    expect((await screen.findByTestId("sale-done-number")).textContent).toBe("JKT01-T1-26-S000123");
    await person.click(screen.getByTestId("sale-done-next"));
    await waitFor(() => expect(screen.queryByTestId("sale-done")).toBeNull());
    expect(screen.queryByTestId("ticket-line-1")).toBeNull();
    expect(calls("pos.complete")[0]).toMatchObject({
      expected_total: 94_500,
      payments: [
        { kind: "card", amount: 50_000 },
        { kind: "cash", amount: 50_000 },
      ],
    });
  });

  it("does not sell twice when Enter is hit twice", async () => {
    let answer: (receipt: unknown) => void = () => undefined;
    const { person, calls } = opens("user=sari&ticket=1", "", {
      "pos.complete": () => new Promise((resolve) => (answer = resolve)),
    });
    await total("Rp 94,500");
    await person.keyboard("{F12}");
    await person.type(await screen.findByTestId("tender-amount"), "100000{Enter}");
    await waitFor(() => expect(screen.getByTestId("pay-change")).toBeTruthy());
    await waitFor(() => expect(document.activeElement?.textContent).toContain("Complete"));
    await person.keyboard("{Enter}{Enter}");
    expect(calls("pos.complete")).toHaveLength(1);
    answer({ tenders: [], kind: "sale", number: "X", total: 0, change: 0, sale_id: "s" });
    expect((await screen.findByTestId("sale-done-number")).textContent).toBe("X");
  });

  it("never takes a scanned code for an amount of money", async () => {
    const { person } = opens("user=sari&ticket=1");
    await total("Rp 94,500");
    await person.keyboard("{F12}");
    await person.type(await screen.findByTestId("tender-amount"), "5");
    scan(AQUA);
    expect(await screen.findByText(/Scan ignored/)).toBeTruthy();
    expect(screen.getByTestId<HTMLInputElement>("tender-amount").value).toBe("5");
    expect(screen.getByTestId("pay-remaining").textContent).toContain("94,500");
  });
});

describe("goods that come back", () => {
  it("pays back what the program proposes, with a reason", async () => {
    const { person, calls } = opens("user=sari");
    await screen.findByTestId("till-search");
    await person.keyboard("{F9}");
    await person.type(await screen.findByTestId("return-number"), "JKT01-T1-26-S000123");
    await person.click(screen.getByTestId("return-find"));
    await person.type(await screen.findByTestId("return-line-1-qty"), "1");
    await waitFor(() => expect(screen.getByTestId("return-total").textContent).toContain("4,000"));
    await person.click(screen.getByRole("button", { name: "Damaged or faulty" }));
    await waitFor(() =>
      expect(screen.getByTestId<HTMLButtonElement>("return-confirm").disabled).toBe(false),
    );
    await person.click(screen.getByTestId("return-confirm"));
    await screen.findByTestId("sale-done-number");
    expect(calls("pos.return")[0]).toMatchObject({
      expected_total: 4_000,
      lines: [{ line_id: "l0", qty: "1", disposition: "sellable", reason: "Damaged or faulty" }],
    });
  });
});
