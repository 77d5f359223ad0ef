import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("the audit trail", () => {
  it("shows what a price was and what it became", async () => {
    const { person } = opens("user=ratna", "/audit");
    await person.click(await screen.findByText("Price set"));
    const aside = screen.getByRole("complementary");
    expect(within(aside).getByText("3,500")).toBeTruthy();
    expect(within(aside).getByText("3,750")).toBeTruthy();
  });

  it("names who allowed it and why, and never a PIN", async () => {
    const { person } = opens("user=ratna", "/audit");
    await person.click(await screen.findByText("a discount above the limit"));
    expect(screen.getByText("Allowed by Budi Santoso")).toBeTruthy();
    expect(screen.getByText("Regular customer")).toBeTruthy();
    await person.click(screen.getByText("Person saved"));
    expect(screen.getAllByText("not shown").length).toBe(2);
  });

  it("asks for the days and the part that were chosen", async () => {
    const { calls } = opens("user=ratna", "/audit?table=price&from=2026-11-01");
    await screen.findByText("Price set");
    expect(calls("audit.list")[0]).toMatchObject({
      table: "price",
      from: "2026-11-01",
      limit: null,
    });
    expect(calls("audit.list")[0]).not.toHaveProperty("to");
  });
});
