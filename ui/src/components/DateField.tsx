import { Field, type FieldProps } from "./Field";

/** A day, as `2026-11-20`. */
export function DateField(
  props: Omit<FieldProps, "value" | "onChange" | "type"> & {
    value: string;
    onChange: (day: string) => void;
  },
) {
  return <Field {...props} type="date" placeholder="YYYY-MM-DD" />;
}
