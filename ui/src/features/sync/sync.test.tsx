import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("the line to the centre", () => {
  it("is always in sight, in words", async () => {
    opens("user=sari&centre=1&clock=1");
    const chip = await screen.findByTestId("state-chip");
    expect(chip.textContent).toMatch(/^Offline since .* · clock 7 min fast · 24 entries waiting/);
  });

  it("says calmly that a till works alone", async () => {
    opens("user=sari");
    expect((await screen.findByTestId("state-chip")).textContent).toBe("Works alone");
  });

  it("shows what waits, what was said and who this machine is", async () => {
    const { person, calls } = opens("user=ratna&centre=1", "/sync");
    expect(await screen.findByText("JKT01-T1-26-S000123")).toBeTruthy();
    expect(screen.getByText(/Nobody answers at the centre's address/)).toBeTruthy();
    expect(screen.getByTestId("sync-centre").textContent).toBe("https://centre.example");
    await person.click(screen.getByTestId("sync-now"));
    await waitFor(() => expect(calls("sync.now")).toHaveLength(1));
  });

  it("says that the centre counts the same, or cries out that it does not", async () => {
    opens("user=ratna&centre=1&online=1", "/sync");
    expect((await screen.findByTestId("sync-agreement")).textContent).toMatch(
      /12 receipts, .*1[.,]234[.,]000, same at the centre/,
    );
  });

  it("names both counts when they differ", async () => {
    opens("user=ratna&centre=1&online=1&differs=1", "/sync");
    expect((await screen.findByTestId("sync-agreement")).textContent).toMatch(
      /DIFFERENT: this till counts 12 receipts, .* the centre 11 receipts/,
    );
    expect(screen.getByTestId("state-chip").textContent).toContain("receipts differ");
  });

  it("tells where machines are looked after when this is not the centre", async () => {
    opens("user=ratna&centre=1", "/sync");
    expect((await screen.findByTestId("machines-elsewhere")).textContent).toContain(
      "https://centre.example",
    );
  });

  it("makes a code for a new till at head office, and the till with it", async () => {
    const { person, calls } = opens("user=ratna&office=1", "/sync");
    await person.click(await screen.findByTestId("code-issue"));
    await person.type(await screen.findByLabelText(/Series of this till/), "T2");
    await person.type(screen.getByLabelText(/Name of this till/), "Till 2");
    await person.click(screen.getByTestId("code-make"));
    expect((await screen.findByTestId("issued-code")).textContent).toBe("K7QM-2XRP-94TD");
    expect(calls("terminal.add")).toMatchObject([{ series: "T2", name: "Till 2" }]);
    expect(calls("centre.issue")).toEqual([{ terminal_id: "t2", minutes: 60 }]);
  });

  it("locks a machine out only after a question", async () => {
    const { person, calls } = opens("user=ratna&office=1", "/sync");
    await person.click(await screen.findByTestId("machine-revoke"));
    expect(calls("centre.revoke")).toHaveLength(0);
    await person.click(await screen.findByTestId("revoke-confirm"));
    await waitFor(() => expect(calls("centre.revoke")).toHaveLength(1));
  });
});

describe("another till of a company", () => {
  it("needs an address and a code, and shows how much of the books has come", async () => {
    const { person, calls } = opens("state=empty");
    await person.click(await screen.findByTestId("start-join"));
    await person.type(await screen.findByLabelText(/Address of the centre/), "centre.example");
    await person.type(screen.getByLabelText(/One-time code/), "K7QM-2XRP{Enter}");
    expect(await screen.findByText("5.0 of 20.0 MB")).toBeTruthy();
    expect(calls("sync.join")).toEqual([
      { address: "centre.example", code: "K7QM-2XRP", plain_allowed: false },
    ]);
  });

  it("goes without encryption only when a person says so", async () => {
    const { person, calls } = opens("state=empty");
    await person.click(await screen.findByTestId("start-join"));
    expect(screen.queryByLabelText(/safe without encryption/)).toBeNull();
    await person.type(await screen.findByLabelText(/Address of the centre/), "http://10.0.0.2");
    await person.type(screen.getByLabelText(/One-time code/), "K7QM{Enter}");
    await person.click(await screen.findByLabelText(/safe without encryption/));
    await person.click(screen.getByTestId("join-start"));
    await waitFor(() => expect(calls("sync.join")).toHaveLength(2));
    expect(calls("sync.join")[1]).toMatchObject({ plain_allowed: true });
  });

  it("goes on where it was cut off", async () => {
    const { person, calls } = opens("state=empty&cut=1");
    await person.click(await screen.findByTestId("join-go-on"));
    expect(await screen.findByText("5.0 of 20.0 MB")).toBeTruthy();
    expect(calls("sync.go_on")).toHaveLength(1);
  });
});

describe("a company that lived alone", () => {
  it("is connected under Settings", async () => {
    const { person, calls } = opens("user=ratna", "/settings/centre");
    await person.type(await screen.findByLabelText(/Address of the centre/), "centre.example");
    await person.type(screen.getByLabelText(/One-time code/), "K7QM");
    await person.click(screen.getByTestId("centre-found"));
    await waitFor(() => expect(calls("sync.found")).toHaveLength(1));
  });

  it("says to which centre it is connected", async () => {
    opens("user=ratna&centre=1", "/settings/centre");
    expect((await screen.findByTestId("centre-address")).textContent).toContain("centre.example");
  });
});
