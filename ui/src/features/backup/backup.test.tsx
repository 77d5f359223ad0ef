import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";
import { asReport } from "./report";

describe("backup and check", () => {
  it("a backup is made now, and said to be whole", async () => {
    const { person, calls } = opens("user=ratna", "/backup");
    await person.click(await screen.findByTestId("backup-now"));
    expect((await screen.findByTestId("backup-made")).textContent).toContain("made and checked");
    expect(calls("backup.now")).toHaveLength(1);
  });

  it("nothing is restored before it is confirmed", async () => {
    const { person, calls } = opens("user=ratna", "/backup", {
      "backup.restore": () => ({ kept: "/data/before", made_at: 0, commits: 1 }),
    });
    await person.click(await screen.findByTestId("backup-restore"));
    expect(calls("backup.restore")).toHaveLength(0);
    await person.click(await screen.findByTestId("restore-confirm"));
    await waitFor(() => expect(calls("backup.restore")).toHaveLength(1));
  });

  it("what the check found is named first", async () => {
    const { person } = opens("user=ratna", "/backup");
    await person.click(await screen.findByTestId("verify-start"));
    expect((await screen.findByTestId("verify-result")).textContent).toContain("1 check found");
    expect(screen.getByText(/what is kept differs from its moves/)).toBeTruthy();
  });

  it("a recovery key is made once the passphrase was typed twice alike", async () => {
    const { person, calls } = opens("user=ratna", "/backup");
    await person.type(await screen.findByTestId("recovery-passphrase"), "kopi susu tanpa gula");
    await person.type(screen.getByTestId("recovery-again"), "kopi susu");
    expect(screen.getByText("The two passphrases differ.")).toBeTruthy();
    await person.click(screen.getByTestId("recovery-make"));
    expect(calls("backup.make_recovery_key")).toHaveLength(0);
    await person.type(screen.getByTestId("recovery-again"), " tanpa gula");
    await person.click(screen.getByTestId("recovery-make"));
    await waitFor(() =>
      expect(calls("backup.make_recovery_key")).toEqual([{ passphrase: "kopi susu tanpa gula" }]),
    );
  });

  it("the instructions for the day the machine is gone hold no passphrase", async () => {
    const { person } = opens("user=ratna&key", "/backup");
    await person.click(await screen.findByTestId("recovery-sheet"));
    const sheet = (await screen.findByTestId("recovery-dialog")).textContent ?? "";
    expect(sheet).toContain("Toko Sumber Rejeki: back in business on another machine");
    expect(sheet).toContain("recovery.lkey");
  });

  it("the support file says where it was saved", async () => {
    const { person } = opens("user=ratna", "/backup");
    await person.click(await screen.findByTestId("support-save"));
    expect((await screen.findByTestId("support-saved")).textContent).toContain("support/lumbung");
  });

  it("a job that ended otherwise is no report", () => {
    expect(asReport(null)).toBeNull();
    expect(asReport({ ok: true })).toBeNull();
    expect(asReport({ ok: true, checked_at: 1, checks: [] })?.checks).toEqual([]);
  });
});
