import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("signing in", () => {
  it("lets a cashier in with their tile and PIN, and shows the till", async () => {
    const { person, calls } = opens("");
    await person.click(await screen.findByTestId("signin-user-sari"));
    await person.type(screen.getByTestId("pin-input"), "1357{Enter}");
    expect(await screen.findByTestId("till-search")).toBeTruthy();
    expect(calls("users.sign_in")).toEqual([{ username: "sari", pin: "1357" }]);
  });

  it("says what is wrong and empties the PIN", async () => {
    const { person } = opens("");
    await person.type(await screen.findByTestId("pin-input"), "0000");
    await person.click(screen.getByTestId("signin-submit"));
    expect(await screen.findByText("The user name or the PIN is wrong.")).toBeTruthy();
    expect(screen.getByTestId<HTMLInputElement>("pin-input").value).toBe("");
  });

  it("takes the PIN by finger too", async () => {
    const { person, calls } = opens("");
    await person.click(await screen.findByTestId("signin-user-budi"));
    for (const digit of "8642") await person.click(screen.getByRole("button", { name: digit }));
    await person.click(screen.getByTestId("signin-submit"));
    await screen.findByTestId("till-search");
    expect(calls("users.sign_in")).toEqual([{ username: "budi", pin: "8642" }]);
  });

  it("asks the same person for their PIN when the till is locked", async () => {
    const { person, calls } = opens("user=sari&locked=1");
    expect(await screen.findByText("Locked by Sari Wulandari")).toBeTruthy();
    await person.type(screen.getByTestId("pin-input"), "1357{Enter}");
    expect(await screen.findByTestId("till-search")).toBeTruthy();
    expect(calls("users.unlock")).toEqual([{ pin: "1357" }]);
  });

  it("shows what happened and the way back when the data is damaged", async () => {
    const { person } = opens("state=damaged");
    expect(await screen.findByText("The data on this machine is damaged")).toBeTruthy();
    expect(screen.getByText(/page 812 does not match/)).toBeTruthy();
    await person.click(screen.getByTestId("salvage"));
    expect((await screen.findByTestId("salvage-result")).textContent).toContain("18261");
  });
});
