import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { opens, scan } from "../../test/window";

describe("a product", () => {
  it("is changed as a whole with one save, scanned barcodes too", async () => {
    const { person, calls } = opens("user=budi", "/products/p1");
    const price = await screen.findByTestId("product-price-1");
    await person.clear(price);
    await person.type(price, "3600");
    scan("8991234567893");
    await person.click(screen.getByTestId("product-save"));
    await waitFor(() => expect(calls("catalogue.save")).toHaveLength(1));
    expect(calls("catalogue.save")[0]).toMatchObject({
      product_id: "p1",
      prices: [{ unit_price: "3600" }, { unit_price: "3400" }, { unit: "dus" }],
      barcodes: [{}, { unit: "dus" }, { code: "8991234567893", unit: null }],
    });
  });

  it("is not saved with a row half filled in", async () => {
    const { person, calls } = opens("user=budi", "/products/new");
    await person.type(await screen.findByTestId("product-name"), "Tea");
    await person.click(screen.getByTestId("product-save"));
    expect(within(screen.getByTestId("product-prices")).getByRole("alert")).toBeTruthy();
    expect(calls("catalogue.save")).toHaveLength(0);
    await person.type(screen.getByTestId("product-price-1"), "4500");
    await person.click(screen.getByTestId("product-save"));
    await waitFor(() => expect(calls("catalogue.save")).toHaveLength(1));
    expect(calls("catalogue.save")[0]).toMatchObject({ name: "Tea", tax_class_id: "x" });
  });

  it("shows a taken barcode beside the barcodes, with the product that has it", async () => {
    const { person } = opens("user=budi", "/products/p1", {
      "catalogue.save": () => {
        throw {
          code: "barcode_taken",
          message: "The barcode 111 belongs to TEH BOTOL already.",
          fields: {
            barcodes: {
              code: "barcode_taken",
              message: "The barcode 111 belongs to TEH BOTOL already.",
              facts: { barcode: "111", product: "TEH BOTOL" },
            },
          },
          facts: { barcode: "111", product: "TEH BOTOL" },
        };
      },
    });
    await person.type(await screen.findByTestId("product-name"), "!");
    await person.click(screen.getByTestId("product-save"));
    const barcodes = screen.getByTestId("product-barcodes");
    expect((await within(barcodes).findByRole("alert")).textContent).toContain("TEH BOTOL");
  });

  it("is not left with changes without a question", async () => {
    const { person } = opens("user=budi", "/products/p1?q=indo");
    await person.type(await screen.findByTestId("product-name"), "!");
    await person.click(screen.getByTestId("product-back"));
    await person.click(screen.getByTestId("product-leave"));
    expect(window.location.hash).toBe("#/products?q=indo");
  });

  it("cannot be changed without the permission", async () => {
    opens("user=joko", "/products/p1", {
      "users.me": () => ({
        me: {
          user_id: "u4",
          username: "joko",
          name: "Joko",
          language: "en",
          permissions: ["catalogue:read"],
          place: PLACE,
        },
        locked: false,
      }),
    });
    const name = (await screen.findByTestId("product-name")) as HTMLInputElement;
    expect(name.readOnly).toBe(true);
    expect(screen.queryByTestId("product-save")).toBeNull();
    expect(screen.queryByTestId("product-archive")).toBeNull();
  });
});

const PLACE = {
  company: { name: "Toko" },
  currency: "IDR",
  currency_digits: 0,
  branch: { name: "Pusat" },
  terminal: { name: "Kasir 1" },
  settings: { till: { idle_lock_minutes: 10 } },
};

describe("price labels", () => {
  it("are counted: the same goods scanned again are one label more", async () => {
    const { person, calls } = opens("user=budi", "/products/labels");
    await screen.findByTestId("labels-search");
    scan("8992761111113");
    await screen.findByText("1 label");
    scan("8992761111113");
    await screen.findByText("2 labels");
    await person.click(screen.getByTestId("labels-print"));
    await waitFor(() => expect(calls("print.labels")).toHaveLength(1));
    expect(calls("print.labels")[0]).toMatchObject({
      items: [{ product_id: "p3", pieces: 2 }],
      as_pdf: false,
    });
  });
});
