import { Search } from "lucide-react";
import { useState } from "react";
import { Dialog, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import css from "./CommandPalette.module.css";
import { KeyHint } from "./KeyHint";

export interface PaletteEntry {
  id: string;
  title: string;
  group: string;
  /** More words it is found by. */
  words?: string;
  hint?: string;
  run: () => void;
}

function matches(entry: PaletteEntry, typed: string): boolean {
  const text = `${entry.title} ${entry.group} ${entry.words ?? ""}`.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Everything that can be done from here, by name. */
export function CommandPalette(props: { entries: PaletteEntry[]; onClose: () => void }) {
  const { entries, onClose } = props;
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const found = entries.filter((entry) => matches(entry, typed.trim()));
  const chosen = Math.min(at, found.length - 1);
  const run = (entry: PaletteEntry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const keys = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setAt((chosen + step + found.length) % Math.max(found.length, 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(found[chosen]);
    }
  };
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(o) => !o && onClose()}
      className={css.scrim ?? ""}
    >
      <Modal className={css.modal ?? ""}>
        <Dialog className={css.dialog ?? ""} aria-label={t("common.palette")} data-testid="palette">
          <div className={css.search}>
            <Search aria-hidden="true" />
            <input
              autoFocus
              role="combobox"
              aria-expanded="true"
              aria-controls="palette-list"
              aria-activedescendant={found[chosen] ? `palette-${found[chosen].id}` : undefined}
              aria-label={t("common.palette")}
              placeholder={t("common.paletteHelp")}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                setAt(0);
              }}
              onKeyDown={keys}
            />
          </div>
          <div
            className={css.list}
            id="palette-list"
            role="listbox"
            aria-label={t("common.palette")}
          >
            {found.map((entry, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are read by the field above
              <div
                key={entry.id}
                id={`palette-${entry.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === chosen}
                className={css.entry}
                onClick={() => run(entry)}
                onMouseMove={() => setAt(index)}
              >
                <span className={css.title}>{entry.title}</span>
                <span className={css.group}>{entry.group}</span>
                {entry.hint && <KeyHint>{entry.hint}</KeyHint>}
              </div>
            ))}
            {found.length === 0 && <p className={css.none}>{t("common.nothingFound")}</p>}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
