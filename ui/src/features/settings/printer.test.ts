import { describe, expect, it } from "vitest";
import { emptyPlace, isWhole, newPrinter, PLACES, placeWords } from "./printer";

describe("a printer that is being set up", () => {
  it("is not whole before it says where it is", () => {
    for (const kind of PLACES) expect(isWhole(emptyPlace(kind)), kind).toBe(false);
    expect(isWhole({ kind: "network", host: "till-printer", port: 9100 })).toBe(true);
    expect(isWhole({ kind: "network", host: "till-printer", port: 70_000 })).toBe(false);
    expect(isWhole({ kind: "serial", path: "COM3", baud: 9600 })).toBe(true);
    expect(isWhole({ kind: "folder", path: "  " })).toBe(false);
  });

  it("knows a code page, so that it can be saved", () => {
    expect(newPrinter("receipt").options.code_pages.length).toBeGreaterThan(0);
    expect(newPrinter("receipt").speech).toBe("escpos");
    expect(newPrinter("invoice").speech).toBe("pdf");
  });

  it("says in a few words where it is", () => {
    expect(placeWords({ kind: "network", host: "10.0.0.7", port: 9100 })).toBe("10.0.0.7:9100");
    expect(placeWords({ kind: "spooler", queue: "Epson" })).toBe("Epson");
  });
});
