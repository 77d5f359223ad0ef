import type { ReactNode, Ref } from "react";
import {
  TextArea as AriaTextArea,
  FieldError,
  Input,
  Label,
  Text,
  TextField,
  type TextFieldProps,
} from "react-aria-components";
import css from "./Field.module.css";

export interface FieldProps extends Omit<TextFieldProps, "className" | "children" | "style"> {
  label: string;
  /** Keeps the label for readers of the screen but does not draw it. */
  labelHidden?: boolean;
  /** A sentence under the field on what to enter. */
  help?: string;
  /** What is wrong with it; inside a `Form` the failure's own field message is used instead. */
  error?: string | undefined;
  placeholder?: string;
  before?: ReactNode;
  after?: ReactNode;
  inputRef?: Ref<HTMLInputElement>;
  /** Figures stand at the right. */
  numeric?: boolean;
  testId?: string;
}

export function Field(props: FieldProps) {
  const { label, labelHidden, help, error, placeholder, before, after, inputRef, ...rest } = props;
  const { numeric, testId, ...field } = rest;
  return (
    <TextField {...field} className={css.field ?? ""} isInvalid={error ? true : field.isInvalid}>
      <Label className={labelHidden ? "sr-only" : css.label}>{label}</Label>
      <div className={css.box}>
        {before && <span className={css.side}>{before}</span>}
        <Input
          ref={inputRef}
          className={`${css.input} ${numeric ? css.numeric : ""}`}
          placeholder={placeholder}
          data-testid={testId}
          spellCheck={false}
          autoComplete="off"
        />
        {after && <span className={css.side}>{after}</span>}
      </div>
      {help && (
        <Text slot="description" className={css.help}>
          {help}
        </Text>
      )}
      <FieldError className={css.error}>{error}</FieldError>
    </TextField>
  );
}

/** Several lines of words. */
export function TextArea(props: FieldProps & { rows?: number }) {
  const { label, labelHidden, help, error, placeholder, rows = 3, testId, ...rest } = props;
  const { before: _b, after: _a, inputRef: _r, numeric: _n, ...field } = rest;
  return (
    <TextField {...field} className={css.field ?? ""} isInvalid={error ? true : field.isInvalid}>
      <Label className={labelHidden ? "sr-only" : css.label}>{label}</Label>
      <AriaTextArea
        className={css.area ?? ""}
        rows={rows}
        placeholder={placeholder}
        data-testid={testId}
      />
      {help && (
        <Text slot="description" className={css.help}>
          {help}
        </Text>
      )}
      <FieldError className={css.error}>{error}</FieldError>
    </TextField>
  );
}
