import type { ReactNode } from "react";
import css from "./Office.module.css";

/** Fields beside each other, as many as fit; all of them shut for who may only look. */
export function FieldSet({ isShut, children }: { isShut?: boolean; children: ReactNode }) {
  return (
    <fieldset className={css.fields} disabled={isShut ?? false}>
      {children}
    </fieldset>
  );
}

/** A field, or fields under each other, as wide as the form. */
export function Wide({ children }: { children: ReactNode }) {
  return <div className={css.wide}>{children}</div>;
}
