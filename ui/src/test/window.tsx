// The whole interface before a test, over a shop in memory.
import { QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "../App";
import { makeClient } from "../api/client";
import { ToastProvider } from "../components";
import { startText } from "../text";
import { installFake } from "./fake";
import type { Answer } from "./fake/answers";

/** Opens the window at an address: `opens("user=sari&ticket=1", "/sessions")`. */
export function opens(shop: string, at = "", others: Record<string, Answer> = {}) {
  window.location.hash = at;
  const called = installFake(new URLSearchParams(shop), others);
  window.localStorage.setItem("lumbung.language", "en");
  startText("en");
  render(
    <QueryClientProvider client={makeClient()}>
      <ToastProvider>
        <App />
      </ToastProvider>
    </QueryClientProvider>,
  );
  return {
    // A person takes time between two keys; a scanner does not.
    person: userEvent.setup({ delay: 40 }),
    calls: (name: string) => called.filter((call) => call.name === name).map(({ args }) => args),
  };
}

/** Holds a code before the scanner: every key within the same instant, Enter behind. */
export function scan(code: string): void {
  const at = performance.now();
  act(() => {
    for (const key of [...code, "Enter"]) strike(document.activeElement ?? document.body, key, at);
  });
}

function strike(target: Element, key: string, timeStamp: number): void {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  Object.defineProperty(event, "timeStamp", { value: timeStamp });
  target.dispatchEvent(event);
  if (event.defaultPrevented || key.length > 1 || !(target instanceof HTMLInputElement)) return;
  const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set;
  write?.call(target, target.value + key);
  target.dispatchEvent(new Event("input", { bubbles: true }));
}
