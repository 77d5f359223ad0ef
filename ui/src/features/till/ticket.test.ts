import { describe, expect, it } from "vitest";
import type { Ticket, TicketLine } from "../../api/bindings";
import { newId } from "../../api/ids";
import { changeLine, isLast, readTimes, stepQty } from "./ticket";

function line(line_id: string): TicketLine {
  return {
    line_id,
    product_id: "p",
    product_unit_id: null,
    qty: "1",
    label_price: null,
    price: null,
    discount: null,
    serial: "",
    checked: false,
    note: "",
  };
}

const TWO: Ticket = {
  ticket_id: "t",
  customer_id: null,
  discount: null,
  note: "",
  lines: [line("a"), line("b")],
};

describe("the ticket on the screen", () => {
  it("changes only the line that was meant", () => {
    const changed = changeLine(TWO, "b", { qty: "4" });
    expect(changed.lines.map(({ qty }) => qty)).toEqual(["1", "4"]);
    expect(TWO.lines[1]?.qty).toBe("1");
  });

  it.each([
    ["1", 1, "2"],
    ["9", 1, "10"],
    ["1.5", 1, "2.5"],
    ["2.25", -1, "1.25"],
    ["9007199254740993", 1, "9007199254740994"],
  ] as const)("steps %s by %i to %s", (qty, step, next) => {
    expect(stepQty(qty, step)).toBe(next);
  });

  it("knows when one less leaves nothing", () => {
    expect(["1", "2", "0.5", "1.5"].map(isLast)).toEqual([true, false, true, true]);
  });

  it.each([
    ["3*", "3", ""],
    ["2,5 * rice", "2.5", "rice"],
    ["12*8991234567890", "12", "8991234567890"],
    ["aqua 600", null, "aqua 600"],
    ["5*3*", "5", "3*"],
  ])("reads %j as so many of what follows", (typed, qty, text) => {
    expect(readTimes(typed)).toEqual({ qty, text });
  });

  it("is named so that later ids sort behind earlier ones", () => {
    const [first, second] = [newId(1_000), newId(2_000)];
    expect(first < second).toBe(true);
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
