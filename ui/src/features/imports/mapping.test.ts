import { describe, expect, it } from "vitest";
import { toOptions, USUAL, withColumn } from "./mapping";

describe("the columns of a file", () => {
  it("takes a column away from the field that had it", () => {
    const columns = { code: "Kode", name: "Nama" };
    expect(withColumn(columns, "barcode", "Kode")).toEqual({ barcode: "Kode", name: "Nama" });
  });

  it("forgets the column of a field that is not imported", () => {
    expect(withColumn({ code: "Kode", name: "Nama" }, "code", null)).toEqual({ name: "Nama" });
  });
});

describe("what is chosen for an import", () => {
  it("is careful by itself: a wrong row stops it, and nothing is guessed", () => {
    expect(toOptions("products", USUAL)).toEqual({
      existing: "change",
      leave_out_wrong_rows: false,
      tax_class_id: null,
      unit: null,
      sales: null,
    });
  });

  it("reads several beginnings of returned receipts", () => {
    const { sales } = toOptions("sales", { ...USUAL, returnPrefixes: "C, RET", unit: "" });
    expect(sales?.return_prefixes).toEqual(["C", "RET"]);
    expect(sales?.unit).toBe("pcs");
  });
});
