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

  it("a job that ended otherwise is no report", () => {
    expect(asReport(null)).toBeNull();
    expect(asReport({ ok: true })).toBeNull();
    expect(asReport({ ok: true, checked_at: 1, checks: [] })?.checks).toEqual([]);
  });
});
