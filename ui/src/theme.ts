// Light or dark: as the machine has it, unless somebody chose.

export type Theme = "system" | "light" | "dark";

const KEPT = "lumbung.theme";
const dark = window.matchMedia("(prefers-color-scheme: dark)");

export function theme(): Theme {
  const kept = window.localStorage.getItem(KEPT);
  return kept === "light" || kept === "dark" ? kept : "system";
}

function show(): void {
  const chosen = theme();
  const is = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  document.documentElement.dataset.theme = is;
}

export function setTheme(chosen: Theme): void {
  window.localStorage.setItem(KEPT, chosen);
  show();
}

/** Follows the machine from now on. */
export function startTheme(): void {
  dark.addEventListener("change", show);
  show();
}
