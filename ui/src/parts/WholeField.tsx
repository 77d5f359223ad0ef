import { QtyField } from "../components";
import { readWhole } from "./whole";

/** A whole number: days, minutes, pieces. Null while empty or not a whole number. */
export function WholeField(props: {
  label: string;
  name: string;
  value: number | null;
  onChange: (value: number | null) => void;
  help?: string;
  unit?: string;
  testId?: string;
}) {
  const { value, onChange, ...rest } = props;
  return (
    <QtyField
      {...rest}
      value={value === null ? null : String(value)}
      onChange={(text) => onChange(text === null ? null : readWhole(text))}
    />
  );
}
