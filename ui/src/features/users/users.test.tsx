import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { PLACE } from "../../test/fake/answers";
import { opens } from "../../test/window";

const ME = { user_id: "u1", username: "budi", name: "Budi Santoso", language: "en", place: PLACE };

/** A person who may look at people and not change them. */
const LOOKS = ["users:read", "pos:read"];

describe("people and roles", () => {
  it("a new person needs a PIN, and gets the roles that were ticked", async () => {
    const { person, calls } = opens("user=ratna", "/users");
    await person.click(await screen.findByTestId("masters-add"));
    await person.type(await screen.findByTestId("person-name"), "Rina");
    await person.type(screen.getByTestId("person-username"), "rina");
    expect(screen.getByTestId("edit-save").hasAttribute("disabled")).toBe(true);
    await person.type(screen.getByTestId("person-pin"), "4826");
    await person.click(screen.getByTestId("tick-Cashier"));
    await person.click(screen.getByTestId("edit-save"));
    await waitFor(() => expect(calls("users.save")).toHaveLength(1));
    expect(calls("users.save")[0]).toMatchObject({
      user_id: null,
      username: "rina",
      pin: "4826",
      role_ids: ["r-cashier"],
      branch_ids: [],
    });
  });

  it("changing a person keeps the PIN unless a new one is typed", async () => {
    const { person, calls } = opens("user=ratna", "/users");
    await person.click(await screen.findByText("Sari Wulandari"));
    await person.click(await screen.findByTestId("tick-Manager"));
    await person.click(screen.getByTestId("edit-save"));
    await waitFor(() => expect(calls("users.save")).toHaveLength(1));
    expect(calls("users.save")[0]).toMatchObject({
      pin: null,
      role_ids: ["r-cashier", "r-manager"],
    });
  });

  it("a role is given an area, and keeps what only a newer version knows", async () => {
    const { person, calls } = opens("user=ratna", "/users?tab=roles");
    await person.click(await screen.findByText("Gate guard"));
    const dialog = await screen.findByTestId("role-dialog");
    expect(dialog.textContent).toContain("fleet:drive");
    await person.click(within(dialog).getByTestId("grant-pos"));
    await person.clear(within(dialog).getByTestId("limit-max_refund"));
    await person.type(within(dialog).getByTestId("limit-max_refund"), "250000");
    await person.click(screen.getByTestId("edit-save"));
    await waitFor(() => expect(calls("roles.save")).toHaveLength(1));
    expect(calls("roles.save")[0]).toMatchObject({
      patterns: ["fleet:drive", "pos:*"],
      limits: { max_refund: 250_000 },
    });
  });

  it("who may only look is told so and finds no button that saves", async () => {
    const { person } = opens("user=budi", "/users", {
      "users.me": () => ({ me: { ...ME, permissions: LOOKS }, locked: false }),
    });
    await person.click(await screen.findByText("Dewi Lestari"));
    const dialog = await screen.findByTestId("person-dialog");
    expect(dialog.textContent).toContain("look at this but not change");
    expect(screen.queryByTestId("edit-save")).toBeNull();
    expect(screen.queryByTestId("masters-add")).toBeNull();
  });

  it("a PIN is changed with the old one, from the menu of the person", async () => {
    const { person, calls } = opens("user=sari", "/receipts");
    await person.click(await screen.findByTestId("user-menu"));
    await person.click(await screen.findByTestId("menu-change-pin"));
    await person.type(await screen.findByTestId("pin-old"), "1357");
    await person.type(screen.getByTestId("pin-new"), "8642");
    await person.type(screen.getByTestId("pin-again"), "8643");
    expect(screen.getByTestId("pin-confirm").hasAttribute("disabled")).toBe(true);
    await person.type(screen.getByTestId("pin-again"), "{Backspace}2");
    await person.click(screen.getByTestId("pin-confirm"));
    await waitFor(() => expect(calls("users.change_pin")).toHaveLength(1));
    expect(calls("users.change_pin")[0]).toEqual({ old_pin: "1357", new_pin: "8642" });
  });
});
