import type { FormEvent, ReactNode } from "react";
import { Form as AriaForm } from "react-aria-components";
import { FailureBanner } from "./FailureBanner";
import css from "./Form.module.css";
import { type Problem, useSentence } from "./problem";

/**
 * A form that shows a failure where it belongs: at the fields it names, the rest above.
 * A field takes part by having a `name`.
 */
export function Form(props: {
  children: ReactNode;
  onSubmit: () => void;
  problem?: Problem | null | undefined;
  /** Fields beside each other, as many as fit. */
  columns?: boolean;
  label?: string;
  id?: string;
}) {
  const { children, onSubmit, problem, columns, label, id } = props;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // A dialog opened from inside a form has a form of its own.
    event.stopPropagation();
    onSubmit();
  };
  const sentence = useSentence();
  const fields = Object.fromEntries(
    Object.entries(problem?.fields ?? {}).map(([name, said]) => [name, sentence(said)]),
  );
  return (
    <AriaForm
      className={columns ? css.columns : css.form}
      onSubmit={submit}
      validationErrors={fields}
      validationBehavior="aria"
      aria-label={label}
      {...(id ? { id } : {})}
    >
      {problem && Object.keys(fields).length === 0 && (
        <div className={css.banner}>
          <FailureBanner problem={problem} />
        </div>
      )}
      {children}
    </AriaForm>
  );
}
