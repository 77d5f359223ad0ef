import { Check, ChevronDown } from "lucide-react";
import {
  Checkbox as AriaCheckbox,
  Select as AriaSelect,
  Switch as AriaSwitch,
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from "react-aria-components";
import css from "./Choice.module.css";

export interface Option<K extends string = string> {
  id: K;
  label: string;
  /** A second, smaller line. */
  note?: string | undefined;
  isDisabled?: boolean;
}

export interface SelectProps<K extends string> {
  label: string;
  labelHidden?: boolean;
  options: Option<K>[];
  value: K | null;
  onChange: (value: K) => void;
  placeholder?: string;
  help?: string;
  error?: string | undefined;
  name?: string;
  isDisabled?: boolean;
  isRequired?: boolean;
  autoFocus?: boolean;
  testId?: string;
}

/** One of a few. For one of thousands use `Picker`. */
export function Select<K extends string>(props: SelectProps<K>) {
  const { label, labelHidden, options, value, onChange, placeholder, help, error } = props;
  const { name, isDisabled, isRequired, autoFocus, testId } = props;
  return (
    <AriaSelect
      className={css.field ?? ""}
      value={value}
      onChange={(key) => key !== null && onChange(key as K)}
      placeholder={placeholder ?? " "}
      isInvalid={error ? true : undefined}
      autoFocus={autoFocus ?? false}
      {...(name ? { name } : {})}
      {...(isDisabled ? { isDisabled } : {})}
      {...(isRequired ? { isRequired } : {})}
    >
      <Label className={labelHidden ? "sr-only" : css.label}>{label}</Label>
      <Button className={css.button ?? ""} data-testid={testId}>
        <SelectValue className={css.value ?? ""} />
        <ChevronDown aria-hidden="true" />
      </Button>
      {help && (
        <Text slot="description" className={css.help}>
          {help}
        </Text>
      )}
      <FieldError className={css.error}>{error}</FieldError>
      <Popover className={css.popover ?? ""}>
        <ListBox className={css.list ?? ""} items={options}>
          {(option) => <OptionRow option={option} />}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

/** One row of a list of choices. */
export function OptionRow({ option }: { option: Option }) {
  return (
    <ListBoxItem
      id={option.id}
      textValue={option.label}
      isDisabled={option.isDisabled ?? false}
      className={css.option ?? ""}
    >
      {({ isSelected }) => (
        <>
          <span className={css.words}>
            <Text slot="label">{option.label}</Text>
            {option.note && (
              <Text slot="description" className={css.note}>
                {option.note}
              </Text>
            )}
          </span>
          {isSelected && <Check aria-hidden="true" />}
        </>
      )}
    </ListBoxItem>
  );
}

interface ToggleProps {
  label: string;
  value: boolean;
  onChange: (value: boolean) => void;
  name?: string;
  isDisabled?: boolean;
  testId?: string;
}

export function Checkbox({ label, value, onChange, testId, ...rest }: ToggleProps) {
  return (
    <AriaCheckbox
      {...rest}
      isSelected={value}
      onChange={onChange}
      className={css.toggle ?? ""}
      data-testid={testId}
    >
      <span className={css.check} aria-hidden="true">
        <Check />
      </span>
      {label}
    </AriaCheckbox>
  );
}

/** A setting that takes effect at once. */
export function Switch({ label, value, onChange, testId, ...rest }: ToggleProps) {
  return (
    <AriaSwitch
      {...rest}
      isSelected={value}
      onChange={onChange}
      className={css.toggle ?? ""}
      data-testid={testId}
    >
      <span className={css.track} aria-hidden="true">
        <span className={css.knob} />
      </span>
      {label}
    </AriaSwitch>
  );
}
