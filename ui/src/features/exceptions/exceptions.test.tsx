import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("what needs attention", () => {
  it("says in words what happened and leads to where it is put right", async () => {
    const { person } = opens("user=ratna", "/exceptions");
    await person.click(await screen.findByText("Stock below zero"));
    expect(screen.getByTestId("exception-sentence").textContent).toContain(
      "stands at −2 pcs in Main store",
    );
    expect(screen.getByText("It closes by itself once the books are right.")).toBeTruthy();
    expect(screen.queryByTestId("exception-settle")).toBeNull();
    await person.click(screen.getByTestId("exception-remedy"));
    expect(window.location.hash).toBe("#/inventory/p1");
  });

  it("notes a decision with its reason", async () => {
    const { person, calls } = opens("user=ratna", "/exceptions");
    await person.click(await screen.findByText("One number, two receipts"));
    await person.click(screen.getByTestId("exception-settle"));
    await person.type(await screen.findByRole("textbox"), "Receipt voided");
    await person.click(screen.getByTestId("exception-confirm"));
    expect(calls("exceptions.settle")[0]).toEqual({
      exception_id: "x2",
      state: "settled",
      note: "Receipt voided",
    });
  });

  it("shows closed ones when asked", async () => {
    const { person, calls } = opens("user=ratna", "/exceptions");
    await person.click(await screen.findByTestId("exceptions-closed"));
    await screen.findByText("Nothing was closed yet");
    expect(calls("exceptions.list").at(-1)).toMatchObject({ closed: true, mine: false });
  });
});
