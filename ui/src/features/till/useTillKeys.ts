// The keyboard of the till. It is silent while a dialog is open: dialogs have their own keys.
import { useEffect, useEffectEvent } from "react";
import type { KeyName } from "./Keys";

export type TillKey =
  | KeyName
  | "search"
  | "pay"
  | "up"
  | "down"
  | "more"
  | "less"
  | "serial"
  | "voidTicket";

const FUNCTION_KEYS: Record<string, TillKey> = {
  F1: "help",
  F2: "search",
  F3: "qty",
  F4: "discountLine",
  F5: "price",
  F6: "customer",
  F7: "hold",
  F8: "recall",
  F9: "return",
  F10: "discountTicket",
  F11: "note",
  F12: "pay",
};

/** Keys with Ctrl. */
const CONTROL_KEYS: Record<string, TillKey> = {
  b: "debt",
  d: "noSale",
  s: "serial",
  u: "unit",
};

/** Keys that mean something only while nothing is being typed. */
const IDLE_KEYS: Record<string, TillKey> = {
  ArrowUp: "up",
  ArrowDown: "down",
  Delete: "remove",
  "+": "more",
  "-": "less",
};

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLInputElement)) return target instanceof HTMLTextAreaElement;
  return target.value !== "";
}

export function tillKeyOf(event: KeyboardEvent): TillKey | null {
  const control = event.ctrlKey ? CONTROL_KEYS[event.key.toLowerCase()] : undefined;
  if (control) return control;
  if (event.ctrlKey && event.key === "Delete") return "voidTicket";
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const named = FUNCTION_KEYS[event.key];
  if (named) return named;
  return isTyping(event.target) ? null : (IDLE_KEYS[event.key] ?? null);
}

export function useTillKeys(enabled: boolean, onKey: (key: TillKey) => void): void {
  const act = useEffectEvent(onKey);
  useEffect(() => {
    if (!enabled) return undefined;
    const listen = (event: KeyboardEvent) => {
      const key = tillKeyOf(event);
      if (!key) return;
      event.preventDefault();
      if (!event.repeat || key === "up" || key === "down") act(key);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [enabled]);
}
