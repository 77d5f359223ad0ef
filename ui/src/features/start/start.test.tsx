import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("the first page", () => {
  it("a company comes from another machine with file and passphrase", async () => {
    const { person, calls } = opens("state=empty", "", {
      "start.bring": () => {
        throw {
          code: "invalid",
          message: "This passphrase does not open the file, or the file is damaged.",
          fields: {
            passphrase: {
              code: "store_passphrase",
              message: "This passphrase does not open the file, or the file is damaged.",
              facts: {},
            },
          },
          facts: {},
        };
      },
    });
    await person.click(await screen.findByTestId("start-bring"));
    await person.type(await screen.findByTestId("bring-file"), "/media/stick/1.db");
    await person.type(screen.getByTestId("bring-passphrase"), "kopi susu");
    await person.click(screen.getByTestId("bring-go"));
    expect(await screen.findByText(/This passphrase does not open the file/)).toBeTruthy();
    expect(calls("start.bring")).toEqual([{ file: "/media/stick/1.db", passphrase: "kopi susu" }]);
  });
});

describe("data that lost its end", () => {
  it("is shown before any screen, from when and how much, until it is noted", async () => {
    const { person, calls } = opens("user=ratna&older", "/products", {
      "start.take_note": () => ({}),
    });
    const page = await screen.findByTestId("older-data");
    expect(page.textContent).toContain("at least 17 entries after it are missing");
    expect(page.textContent).toContain("T1a instead of T1");
    await person.click(screen.getByTestId("older-note"));
    await waitFor(() => expect(calls("start.take_note")).toHaveLength(1));
  });

  it("lets the owner look at the backups first", async () => {
    const { person, calls } = opens("user=ratna&older", "/products");
    await person.click(await screen.findByTestId("older-backups"));
    expect(await screen.findByTestId("backup-now")).toBeTruthy();
    expect(calls("start.take_note")).toHaveLength(0);
  });
});
