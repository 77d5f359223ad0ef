import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens } from "../../test/window";

describe("settings", () => {
  it("the till rules are saved whole, also what this screen does not show", async () => {
    const { person, calls } = opens("user=ratna", "/settings/policy");
    const step = await screen.findByTestId("policy-cash-step");
    await person.clear(step);
    expect(screen.getByTestId("settings-save").hasAttribute("disabled")).toBe(true);
    await person.type(step, "500");
    await person.click(screen.getByTestId("settings-save"));
    await waitFor(() => expect(calls("settings.save")).toHaveLength(1));
    expect(calls("settings.save")[0]).toMatchObject({
      section: "till",
      this_branch: false,
      value: { cash_step: 500, return_days: 30, tax_rounding: "line" },
    });
  });

  it("a branch with settings of its own says so and can follow the company again", async () => {
    const { person, calls } = opens("user=ratna&own", "/settings/policy");
    expect((await screen.findByTestId("own-section")).textContent).toContain("Jakarta Pusat");
    await person.click(screen.getByTestId("follow-company"));
    expect(calls("settings.follow_company")).toHaveLength(0);
    await person.click(await screen.findByTestId("follow-confirm"));
    await waitFor(() => expect(calls("settings.follow_company")).toEqual([{ section: "till" }]));
  });

  it("the receipt beside the layout shows what is typed before it is saved", async () => {
    const { person, calls } = opens("user=ratna", "/settings/receipt");
    await person.click(await screen.findByTestId("receipt-barcode"));
    await waitFor(() =>
      expect(calls("print.sample").at(-1)).toMatchObject({ receipt: { show: { barcode: false } } }),
    );
    expect(calls("settings.save")).toHaveLength(0);
  });

  it("what the program refuses stands where it was typed", async () => {
    const { person } = opens("user=ratna", "/settings/company", {
      "company.save": () => {
        throw {
          code: "invalid",
          message: "This must not be empty.",
          fields: {
            name: { code: "field_empty", message: "This must not be empty.", facts: {} },
          },
          facts: {},
        };
      },
    });
    await person.clear(await screen.findByTestId("company-name"));
    await person.click(screen.getByTestId("settings-save"));
    expect(await screen.findByText("This must not be empty.")).toBeTruthy();
  });

  it("a printer is changed without losing the others, and tested", async () => {
    const { person, calls } = opens("user=ratna", "/settings/printers");
    await person.click(await screen.findByTestId("printer-edit-session"));
    await person.type(await screen.findByTestId("printer-name"), "Office");
    expect(screen.getByTestId("edit-save").hasAttribute("disabled")).toBe(true);
    await person.type(screen.getByTestId("printer-host"), "192.168.1.60");
    await person.click(screen.getByTestId("edit-save"));
    await waitFor(() => expect(calls("print.save_printers")).toHaveLength(1));
    expect(calls("print.save_printers")[0]).toMatchObject({
      receipt: { name: "Epson kasir" },
      session: { name: "Office", destination: { host: "192.168.1.60", port: 9100 } },
      label: null,
    });
    await person.click(screen.getByTestId("printer-test-receipt"));
    expect((await screen.findAllByTestId("toast")).length).toBeGreaterThan(0);
    expect(calls("print.test")[0]).toEqual({ paper: "receipt" });
  });

  it("a code is tried against the barcode rules", async () => {
    const { person, calls } = opens("user=ratna", "/settings/barcodes");
    await person.type(await screen.findByTestId("try-code"), "2000010012505");
    await person.click(screen.getByTestId("try-go"));
    expect(await screen.findByText("BERAS PANDAN WANGI")).toBeTruthy();
    expect(calls("catalogue.try_barcode")[0]).toEqual({ code: "2000010012505" });
  });
});
