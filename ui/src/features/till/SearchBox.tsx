import { Search } from "lucide-react";
import type { Ref } from "react";
import { useTranslation } from "react-i18next";
import { KeyHint } from "../../components";
import css from "./SearchBox.module.css";

/** The field that has the focus whenever nothing else has. */
export function SearchBox(props: {
  text: string;
  onText: (text: string) => void;
  onMove: (step: 1 | -1) => void;
  onEnter: () => void;
  hasResults: boolean;
  chosen: number;
  inputRef: Ref<HTMLInputElement>;
}) {
  const { text, onText, onMove, onEnter, hasResults, chosen, inputRef } = props;
  const { t } = useTranslation();
  const keys = (event: React.KeyboardEvent) => {
    if (event.key === "Enter") {
      event.preventDefault();
      onEnter();
    } else if (event.key === "Escape") {
      onText("");
    } else if (text !== "" && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      onMove(event.key === "ArrowDown" ? 1 : -1);
    }
  };
  return (
    <div className={css.box}>
      <Search aria-hidden="true" />
      <input
        ref={inputRef}
        // biome-ignore lint/a11y/noAutofocus: the till waits for the next article here
        autoFocus
        role="combobox"
        aria-label={t("till.search")}
        aria-expanded={hasResults}
        aria-controls="till-results"
        aria-activedescendant={hasResults ? `hit-${chosen}` : undefined}
        placeholder={t("till.searchHelp")}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={keys}
        data-testid="till-search"
      />
      <KeyHint>F2</KeyHint>
    </div>
  );
}
