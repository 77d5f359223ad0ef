import type { ReactNode } from "react";
import css from "./Chip.module.css";

/** A word on the state of something. Colour never says it alone. */
export function Chip(props: {
  children: ReactNode;
  tone?: "plain" | "accent" | "warn" | "danger";
  icon?: ReactNode;
  testId?: string;
  title?: string;
}) {
  return (
    <span
      className={`${css.chip} ${css[props.tone ?? "plain"]}`}
      data-testid={props.testId}
      title={props.title}
    >
      {props.icon}
      {props.children}
    </span>
  );
}
