import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaProps } from "react-aria-components";
import css from "./Button.module.css";
import { KeyHint } from "./KeyHint";

export type Tone = "plain" | "accent" | "danger" | "quiet";

export interface ButtonProps extends Omit<AriaProps, "className" | "children" | "style"> {
  children?: ReactNode;
  icon?: ReactNode;
  tone?: Tone;
  size?: "small" | "normal" | "large";
  /** The key that does the same: shown on the button, not listened to here. */
  hint?: string;
  /** Fills the width it is given. */
  wide?: boolean;
  testId?: string;
}

export function Button(props: ButtonProps) {
  const { children, icon, tone = "plain", size = "normal", hint, wide, testId, ...rest } = props;
  return (
    <AriaButton
      {...rest}
      className={`${css.button} ${css[tone]} ${css[size]} ${wide ? css.wide : ""}`}
      data-testid={testId}
    >
      {icon}
      {children && <span className={css.label}>{children}</span>}
      {hint && <KeyHint>{hint}</KeyHint>}
    </AriaButton>
  );
}

/** A button with only a picture needs its words all the same. */
export function IconButton(props: Omit<ButtonProps, "children"> & { label: string }) {
  const { label, icon, tone = "quiet", size = "normal", hint, wide, testId, ...rest } = props;
  return (
    <AriaButton
      {...rest}
      aria-label={label}
      className={`${css.button} ${css.icon} ${css[tone]} ${css[size]} ${wide ? css.wide : ""}`}
      data-testid={testId}
    >
      {icon}
      {hint && <KeyHint>{hint}</KeyHint>}
    </AriaButton>
  );
}
