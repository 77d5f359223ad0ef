import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { quoteOf } from "../../test/fake/shop";
import { opens, scan } from "../../test/window";

const AQUA = "8886008101053";
const PHONE = "8806094912345";

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
    expect(calls("pos.change_line").map(({ qty }) => qty)).toEqual(["2", "1"]);
  });

  it("sells a line in another unit, by key or by finger, and shows the new price", async () => {
    const { person, calls } = opens("user=sari");
    await screen.findByTestId("till-search");
    scan(AQUA);
    await total("Rp 4,000");
    await person.keyboard("{Control>}u{/Control}");
    const dialog = await screen.findByTestId("unit-dialog");
    await person.click(await within(dialog).findByTestId("unit-dus"));
    await waitFor(() => expect(screen.queryByTestId("unit-dialog")).toBeNull());
    await total("Rp 92,000");
    await person.click(screen.getByTestId("line-unit"));
    await person.click(await screen.findByTestId("unit-botol"));
    await total("Rp 4,000");
    expect(calls("pos.change_line").map((args) => args.product_unit_id)).toEqual(["pu1", null]);
  });

  it("asks for the serial number of each piece, and takes it from the scanner", async () => {
    const { person, calls } = opens("user=sari");
    await screen.findByTestId("till-search");
    scan(PHONE);
    await screen.findByTestId("serial-dialog");
    scan("356938035643809");
    await waitFor(() => expect(screen.queryByTestId("serial-dialog")).toBeNull());
    expect(screen.getByTestId("ticket-line-1").textContent).toContain("356938035643809");
    await person.keyboard("+");
    await screen.findByTestId("serial-dialog");
    await person.keyboard("{Escape}");
    expect(screen.getByTestId("ticket-line-2").textContent).toContain("serial number is missing");
    expect(calls("pos.add").at(-1)).toMatchObject({ qty: "1" });
    expect(calls("pos.change_line")).toHaveLength(0);
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
        const ticket = { ...args.ticket, lines: args.ticket.lines.slice(0, 4) };
        return { ticket, quote: null };
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
      line_id: "l4",
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
  it("opens as soon as the ticket is priced when the key came first", async () => {
    let answer: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => (answer = resolve));
    const { person } = opens("user=sari&ticket=1", "", {
      "pos.quote": async (args) => {
        await slow;
        return quoteOf(args.ticket);
      },
    });
    await screen.findByTestId("till-search");
    await person.keyboard("{F12}");
    await person.type(await screen.findByTestId("tender-amount"), "100000{Enter}");
    expect(screen.queryByTestId("pay-remaining")).toBeNull();
    answer();
    expect((await screen.findByTestId("pay-change")).textContent).toContain("5,500");
  });

  it("waits for the scan it follows, and goes away when nothing came of it", async () => {
    const missing = { outcome: "unknown", line_id: null, choices: [], ticket: null, quote: null };
    let answer: () => void = () => undefined;
    const { person } = opens("user=sari", "", {
      "pos.add": () => new Promise((resolve) => (answer = () => resolve(missing))),
    });
    await screen.findByTestId("till-search");
    scan(AQUA);
    await person.keyboard("{F12}");
    await screen.findByTestId("pay-dialog");
    answer();
    await waitFor(() => expect(screen.queryByTestId("pay-dialog")).toBeNull());
  });

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

describe("a debt", () => {
  it("is paid in part at the till, with its change and what is still owed", async () => {
    const { person, calls } = opens("user=sari");
    await screen.findByTestId("till-search");
    await person.keyboard("{Control>}b{/Control}");
    const chosen = await screen.findByRole("button", { name: /Warung Bu Siti/ });
    await person.click(chosen);
    expect((await screen.findByTestId("debt-owed")).textContent).toContain("750,000");
    const amount = screen.getByTestId("debt-amount");
    await person.clear(amount);
    await person.type(amount, "200000");
    await person.click(screen.getByTestId("debt-pay"));
    expect(screen.queryByTestId("tender-on_account")).toBeNull();
    await person.type(await screen.findByTestId("tender-amount"), "250000{Enter}");
    await waitFor(() => expect(screen.getByTestId("pay-change").textContent).toContain("50,000"));
    await person.click(screen.getByTestId("pay-complete"));
    const done = await screen.findByTestId("debt-done");
    expect(within(done).getByTestId("debt-done-number").textContent).toBe("JKT01-T1-26-P000007");
    expect(done.textContent).toContain("550,000");
    expect(calls("pos.pay_account")[0]).toMatchObject({
      customer_id: "c1",
      amount: 200_000,
      payments: [{ kind: "cash", amount: 250_000 }],
    });
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
