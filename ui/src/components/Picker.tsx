import { ChevronDown } from "lucide-react";
import {
  Button,
  ComboBox,
  FieldError,
  Input,
  Label,
  ListBox,
  Popover,
} from "react-aria-components";
import { type Option, OptionRow } from "./Choice";
import choice from "./Choice.module.css";
import css from "./Picker.module.css";

/**
 * One of thousands, found by typing. The feature searches: `onSearch` changes the question,
 * `options` are the answer.
 */
export function Picker<K extends string>(props: {
  label: string;
  labelHidden?: boolean;
  options: Option<K>[];
  search: string;
  onSearch: (text: string) => void;
  onPick: (value: K) => void;
  emptyText: string;
  name?: string;
  error?: string | undefined;
  testId?: string;
}) {
  const { label, labelHidden, options, search, onSearch, onPick, emptyText } = props;
  return (
    <ComboBox
      className={choice.field ?? ""}
      inputValue={search}
      onInputChange={onSearch}
      items={options}
      onChange={(key) => key !== null && onPick(key as K)}
      menuTrigger="focus"
      allowsEmptyCollection
      isInvalid={props.error ? true : undefined}
      {...(props.name ? { name: props.name } : {})}
    >
      <Label className={labelHidden ? "sr-only" : choice.label}>{label}</Label>
      <div className={css.box}>
        <Input className={css.input ?? ""} data-testid={props.testId} />
        <Button className={css.button ?? ""}>
          <ChevronDown aria-hidden="true" />
        </Button>
      </div>
      <FieldError className={choice.error}>{props.error}</FieldError>
      <Popover className={choice.popover ?? ""}>
        <ListBox
          className={choice.list ?? ""}
          renderEmptyState={() => <p className={css.empty}>{emptyText}</p>}
        >
          {(option: Option<K>) => <OptionRow option={option} />}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
