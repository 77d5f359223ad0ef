// The address is state: which screen, and its filters. A hash needs no server to answer for it.
import { useSyncExternalStore } from "react";

export interface Route {
  /** `/receipts/42` is `["receipts", "42"]`. */
  path: string[];
  query: URLSearchParams;
}

function read(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#/, "").split("?");
  return {
    path: path.split("/").filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(query),
  };
}

let seen = { hash: "", route: read("") };

function current(): Route {
  const hash = window.location.hash;
  if (hash !== seen.hash) seen = { hash, route: read(hash) };
  return seen.route;
}

function listen(changed: () => void): () => void {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
}

export function useRoute(): Route {
  return useSyncExternalStore(listen, current);
}

/** The address of a screen: `href("receipts", id)`. */
export function href(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}

export function navigate(...parts: string[]): void {
  window.location.hash = href(...parts);
}

/** One filter of the screen, kept in the address so that Back and a copied link restore it. */
export function useQueryParam(name: string, initial = ""): [string, (value: string) => void] {
  const value = useRoute().query.get(name) ?? initial;
  const set = (next: string) => {
    const { path, query } = current();
    if (next === initial) query.delete(name);
    else query.set(name, next);
    const tail = query.toString();
    window.history.replaceState(null, "", `${href(...path)}${tail ? `?${tail}` : ""}`);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  };
  return [value, set];
}
