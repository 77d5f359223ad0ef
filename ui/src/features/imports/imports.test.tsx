import { act, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { setTransport, transport } from "../../api/transport";
import { opens } from "../../test/window";

describe("an import", () => {
  it("is looked at, tried and only then done", async () => {
    const { person, calls } = opens("user=budi", "/imports/new/products");
    await person.type(await screen.findByTestId("import-path"), "/shop/list.csv");
    await person.click(screen.getByTestId("import-look"));
    await person.click(await screen.findByTestId("import-check"));
    expect((await screen.findByTestId("import-error_count")).textContent).toBe("2");
    expect(calls("import.start")).toHaveLength(0);
    expect(screen.getByTestId("import-start").hasAttribute("disabled")).toBe(true);

    await person.click(screen.getByTestId("import-leave-out-now"));
    await person.click(await screen.findByText("Import now"));
    expect(await screen.findByTestId("import-done")).toBeTruthy();
    expect(calls("import.start")[0]).toMatchObject({
      kind: "products",
      path: "/shop/list.csv",
      mapping: { columns: { name: "Nama Barang", price: "Harga Jual (Rp)" } },
      options: { leave_out_wrong_rows: true, existing: "change" },
    });
  });

  it("says why a file cannot be read, and keeps its path to be mended", async () => {
    const { person } = opens("user=budi", "/imports/new/products");
    await person.type(await screen.findByTestId("import-path"), "/missing.csv");
    await person.click(screen.getByTestId("import-look"));
    expect(await screen.findByText(/cannot be read/)).toBeTruthy();
    expect((screen.getByTestId("import-path") as HTMLInputElement).value).toBe("/missing.csv");
  });

  it("takes a file that was chosen from the machine", async () => {
    const { person, calls } = opens("user=budi", "/imports");
    setTransport({ ...transport(), chooseFile: async () => "/home/shop/chosen.csv" });
    await person.click(await screen.findByTestId("import-new-products"));
    await person.click(await screen.findByTestId("import-path-choose"));
    expect(await screen.findByTestId("import-check")).toBeTruthy();
    expect(calls("import.inspect")[0]).toMatchObject({ path: "/home/shop/chosen.csv" });
  });

  it("takes a file that was dropped on the window", async () => {
    const { person, calls } = opens("user=budi", "/imports");
    let drop: ((paths: string[]) => void) | undefined;
    setTransport({
      ...transport(),
      drops: (dropped) => {
        drop = dropped;
        return () => undefined;
      },
    });
    await person.click(await screen.findByTestId("import-new-customers"));
    await screen.findByTestId("import-path");
    act(() => drop?.(["/home/shop/dropped.csv", "/home/shop/other.csv"]));
    expect(await screen.findByTestId("import-check")).toBeTruthy();
    expect(calls("import.inspect")[0]).toMatchObject({
      kind: "customers",
      path: "/home/shop/dropped.csv",
    });
  });

  it("can be stopped while it runs", async () => {
    const { person, calls } = opens("user=budi&job=running", "/imports/job/j1");
    await person.click(await screen.findByTestId("import-cancel"));
    expect(await screen.findByText("The import was stopped")).toBeTruthy();
    expect(calls("job.cancel")).toHaveLength(1);
  });

  it("is taken back only after a question", async () => {
    const { person, calls } = opens("user=budi", "/imports");
    const [first] = await screen.findAllByTestId("import-undo");
    if (first) await person.click(first);
    expect(calls("import.undo")).toHaveLength(0);
    await person.click(screen.getByTestId("import-undo-confirm"));
    expect(calls("import.undo")[0]).toEqual({ import_id: "i0" });
  });
});
