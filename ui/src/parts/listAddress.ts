// From a list into one of its rows and back: the search and the filters of the list stay in the
// address on the way, so that coming back shows the same rows.
import { href } from "../router";

function filters(): string {
  const [, query = ""] = window.location.hash.split("?");
  return query ? `?${query}` : "";
}

/** The address of a screen with the filters that are in the address now. */
export function hrefKeeping(...parts: string[]): string {
  return href(...parts) + filters();
}

export function navigateKeeping(...parts: string[]): void {
  window.location.hash = hrefKeeping(...parts);
}
