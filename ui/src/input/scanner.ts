// A scanner is a keyboard that types faster than anybody. Its burst is taken out of whatever
// field has the focus, so that no barcode ever becomes a price, a quantity or a name.

export interface ScannerSettings {
  /** The longest pause between two keys of one burst. */
  gapMs: number;
  /** Shorter bursts are a person's. */
  lengthMin: number;
  /** Sent by the scanner before and after the code; taken off. */
  prefix: string;
  suffix: string;
}

export const SCANNER: ScannerSettings = { gapMs: 30, lengthMin: 4, prefix: "", suffix: "" };

/**
 * A lone key outside a field is a person's after so long. Longer than the gap, because a busy
 * machine may bring keys late that were struck in time; whether they were, their own clock says.
 */
const TYPED_AFTER_MS = 120;

/** Longer than any barcode: a key held down, or a paste gone wrong. */
const LENGTH_MAX = 200;

type TextBox = HTMLInputElement | HTMLTextAreaElement;

interface Burst {
  keys: string;
  lastAt: number;
  /** The field that had the focus, as it was before the first key. */
  box: TextBox | null;
  text: string;
  caret: number | null;
}

function textBox(target: EventTarget | null): TextBox | null {
  if (target instanceof HTMLTextAreaElement) return target;
  if (!(target instanceof HTMLInputElement)) return null;
  return ["checkbox", "radio", "button", "submit", "file"].includes(target.type) ? null : target;
}

/** Sets the text the way a person would, so that the owner of the field hears of it. */
function putBack(box: TextBox, text: string, caret: number | null): void {
  const proto = box instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
  Object.getOwnPropertyDescriptor(proto.prototype, "value")?.set?.call(box, text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  if (caret !== null && box.selectionStart !== null) box.setSelectionRange(caret, caret);
}

function strip(code: string, { prefix, suffix }: ScannerSettings): string {
  let text = code;
  if (prefix && text.startsWith(prefix)) text = text.slice(prefix.length);
  if (suffix && text.endsWith(suffix)) text = text.slice(0, -suffix.length);
  return text;
}

export interface Heard {
  onScan: (code: string) => void;
  /** A key pressed by a person while no field has the focus. */
  onTyped?: ((key: string) => void) | undefined;
}

/** Listens until the returned function is called. `clock` is the time of a key, in milliseconds. */
export function listenForScans(
  target: Window,
  settings: ScannerSettings,
  heard: Heard,
  clock: (event: KeyboardEvent) => number = (event) => event.timeStamp,
): () => void {
  let burst: Burst | null = null;
  /** What silence took for a person's, until a key struck in time proves it was a scanner's. */
  let taken: Burst | null = null;
  let waiting: number | undefined;

  const begin = (event: KeyboardEvent): Burst => {
    const box = textBox(event.target);
    return {
      keys: "",
      lastAt: 0,
      box,
      text: box?.value ?? "",
      caret: box?.selectionStart ?? null,
    };
  };

  const settle = () => {
    window.clearTimeout(waiting);
    // One key and then silence: a person. Outside a field it may mean something to the screen.
    if (burst && !burst.box) for (const key of burst.keys) heard.onTyped?.(key);
    burst = null;
    taken = null;
  };

  const fallSilent = () => {
    const before = burst;
    settle();
    taken = before;
  };

  // A busy page may let the silence run out before it sees keys that were struck in time. They go
  // on with what was taken for typing, and the field they went to gets its text back.
  const resume = (event: KeyboardEvent, at: number): Burst | null => {
    const before = taken;
    taken = null;
    if (!before || at - before.lastAt > settings.gapMs) return null;
    const box = textBox(event.target);
    const value = box?.value ?? "";
    const text = value.endsWith(before.keys) ? value.slice(0, -before.keys.length) : value;
    return { ...before, box, text, caret: box ? text.length : null };
  };

  const finish = (event: KeyboardEvent, done: Burst) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    window.clearTimeout(waiting);
    burst = null;
    if (done.box) putBack(done.box, done.text, done.caret);
    heard.onScan(strip(done.keys, settings));
  };

  const onKey = (event: KeyboardEvent) => {
    const at = clock(event);
    if (burst && at - burst.lastAt > settings.gapMs) settle();
    if (event.key === "Enter" || event.key === "Tab") {
      burst ??= resume(event, at);
      if (burst && burst.keys.length >= settings.lengthMin) finish(event, burst);
      else settle();
      return;
    }
    // Shift comes with capitals and must not cut a burst.
    if (event.key === "Shift") return;
    if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return settle();
    // A space that begins nothing presses the focused button, as it should.
    if (event.key === " " && !burst && !textBox(event.target)) return;
    burst ??= resume(event, at) ?? begin(event);
    burst.keys += event.key;
    burst.lastAt = at;
    if (burst.keys.length > LENGTH_MAX) return settle();
    // Outside a field a burst must not press a button (space) or move a list (letters).
    if (!burst.box) {
      event.preventDefault();
      if (burst.keys.length > 1 || heard.onTyped) event.stopImmediatePropagation();
    }
    window.clearTimeout(waiting);
    if (!burst.box) waiting = window.setTimeout(fallSilent, TYPED_AFTER_MS);
  };

  target.addEventListener("keydown", onKey, true);
  return () => {
    window.clearTimeout(waiting);
    target.removeEventListener("keydown", onKey, true);
  };
}
