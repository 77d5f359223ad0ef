import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listenForScans, SCANNER, type ScannerSettings } from "./scanner";

let stop: () => void = () => undefined;
let now = 0;
const scans: string[] = [];
const typed: string[] = [];

function listening(settings: Partial<ScannerSettings> = {}) {
  stop = listenForScans(
    window,
    { ...SCANNER, ...settings },
    { onScan: (code) => scans.push(code), onTyped: (key) => typed.push(key) },
    () => now,
  );
}

/** Presses one key and, in a text field, types it as a browser would. */
function press(target: HTMLElement, key: string, gap: number): KeyboardEvent {
  now += gap;
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  if (target instanceof HTMLInputElement && key.length === 1 && !event.defaultPrevented) {
    target.value += key;
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return event;
}

function type(target: HTMLElement, keys: string, gap: number) {
  for (const key of keys) press(target, key, gap);
}

function field(text = ""): HTMLInputElement {
  const input = document.createElement("input");
  input.value = text;
  document.body.append(input);
  return input;
}

beforeEach(() => {
  vi.useFakeTimers();
  now = 1_000;
  scans.length = 0;
  typed.length = 0;
});

afterEach(() => {
  stop();
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe("the scanner", () => {
  it("is not cut in two by a page that was busy", () => {
    listening();
    const search = field();
    type(document.body, "899123", 4);
    // The page sees the rest late; the keys themselves were struck in time.
    vi.advanceTimersByTime(200);
    expect(typed.join("")).toBe("899123");
    search.value = "899123";
    type(search, "4567890", 4);
    press(search, "Enter", 4);
    expect(scans).toEqual(["8991234567890"]);
    expect(search.value).toBe("");
  });

  it("is heard wherever the focus is", () => {
    listening();
    type(document.body, "8991234567890", 4);
    press(document.body, "Enter", 4);
    expect(scans).toEqual(["8991234567890"]);
    expect(typed).toEqual([]);
  });

  it("never leaks a code into the field that has the focus", () => {
    listening();
    const price = field("12500");
    const heard = vi.fn();
    price.addEventListener("input", heard);
    type(price, "8991234567890", 4);
    const enter = press(price, "Enter", 4);
    expect(price.value).toBe("12500");
    expect(heard).toHaveBeenCalled();
    expect(scans).toEqual(["8991234567890"]);
    expect(enter.defaultPrevented).toBe(true);
  });

  it("does not submit the form of the field with its Enter", () => {
    listening();
    const price = field();
    const submitted = vi.fn();
    price.addEventListener("keydown", (event) => event.key === "Enter" && submitted());
    type(price, "8991234567890", 4);
    press(price, "Enter", 4);
    expect(submitted).not.toHaveBeenCalled();
  });

  it.each([
    ["a person typing", "coffee", 90],
    ["three fast keys", "abc", 4],
  ])("leaves %s alone", (_who, keys, gap) => {
    listening();
    const search = field();
    type(search, keys, gap);
    const enter = press(search, "Enter", gap);
    expect(search.value).toBe(keys);
    expect(scans).toEqual([]);
    expect(enter.defaultPrevented).toBe(false);
  });

  it("keeps what a person typed just before the scan", () => {
    listening();
    const search = field();
    type(search, "milk", 120);
    now += 400;
    type(search, "8991234567890", 4);
    press(search, "Enter", 4);
    expect(search.value).toBe("milk");
    expect(scans).toEqual(["8991234567890"]);
  });

  it("hears two scans one after the other", () => {
    listening();
    for (const code of ["8991111111111", "8992222222222"]) {
      type(document.body, code, 4);
      press(document.body, "Enter", 4);
    }
    expect(scans).toEqual(["8991111111111", "8992222222222"]);
  });

  it("takes off the prefix and suffix it was told of", () => {
    listening({ prefix: "]E0", suffix: "#" });
    type(document.body, "]E08991234567890#", 4);
    press(document.body, "Tab", 4);
    expect(scans).toEqual(["8991234567890"]);
  });

  it("gives a lone key outside a field to the screen", () => {
    listening();
    press(document.body, "+", 500);
    vi.advanceTimersByTime(150);
    expect(typed).toEqual(["+"]);
    expect(scans).toEqual([]);
  });

  it("does not press the focused button with a space inside a code", () => {
    listening();
    const button = document.createElement("button");
    document.body.append(button);
    const pressed = vi.fn();
    button.addEventListener("keydown", pressed);
    type(button, "AB 12", 4);
    press(button, "Enter", 4);
    expect(scans).toEqual(["AB 12"]);
    expect(pressed).not.toHaveBeenCalled();
  });

  it("never becomes a scan when keys are held with Control", () => {
    listening();
    now += 500;
    for (const key of "abcd") {
      now += 4;
      document.body.dispatchEvent(
        new KeyboardEvent("keydown", { key, ctrlKey: true, bubbles: true }),
      );
    }
    press(document.body, "Enter", 4);
    expect(scans).toEqual([]);
  });
});
