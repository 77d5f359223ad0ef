// Who is signed in on this machine, and where it stands: read once, asked again when it changes.
import { createContext, useContext } from "react";
import type { Me } from "./api/bindings";

export const SeatContext = createContext<Me | null>(null);

/** The signed-in person, their permissions, the terminal and its branch. */
export function useSeat(): Me {
  const seat = useContext(SeatContext);
  if (!seat) throw new Error("useSeat is called below the shell only");
  return seat;
}

/** Whether a pattern such as `pos:*` grants `pos:sell`; `public` needs none. Hides buttons; the program decides. */
export function grants(patterns: readonly string[], need: string): boolean {
  if (need === "public") return true;
  return patterns.some((pattern) => {
    if (pattern === "*" || pattern === need) return true;
    return pattern.endsWith(":*") && need.startsWith(pattern.slice(0, -1));
  });
}

export function useMay(need: string): boolean {
  return grants(useSeat().permissions, need);
}
