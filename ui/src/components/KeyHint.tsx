import type { ReactNode } from "react";
import css from "./KeyHint.module.css";

/** The name of a key, small, beside what it does. */
export function KeyHint({ children }: { children: ReactNode }) {
  return (
    <span className={css.key} aria-hidden="true">
      {children}
    </span>
  );
}
