import { Search, X } from "lucide-react";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./Button";
import { Field } from "./Field";
import css from "./SearchField.module.css";

/** Words to look for. Escape empties it. */
export function SearchField(props: {
  label: string;
  value: string;
  onChange: (text: string) => void;
  placeholder?: string;
  onSubmit?: () => void;
  inputRef?: Ref<HTMLInputElement>;
  autoFocus?: boolean;
  testId?: string;
}) {
  const { t } = useTranslation();
  const { label, value, onChange, placeholder, onSubmit, inputRef, autoFocus, testId } = props;
  return (
    <div className={css.search}>
      <Field
        label={label}
        labelHidden
        value={value}
        onChange={onChange}
        placeholder={placeholder ?? label}
        before={<Search aria-hidden="true" />}
        after={
          value ? (
            <IconButton
              label={t("common.clear")}
              icon={<X />}
              size="small"
              onPress={() => onChange("")}
            />
          ) : undefined
        }
        autoFocus={autoFocus ?? false}
        onKeyDown={(event) => {
          if (event.key === "Escape" && value) onChange("");
          else if (event.key === "Enter") onSubmit?.();
          else event.continuePropagation();
        }}
        {...(inputRef ? { inputRef } : {})}
        {...(testId ? { testId } : {})}
      />
    </div>
  );
}
