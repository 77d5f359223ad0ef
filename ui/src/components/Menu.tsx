import type { ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover, Text } from "react-aria-components";
import css from "./Menu.module.css";

export interface MenuEntry {
  id: string;
  label: string;
  note?: string;
  icon?: ReactNode;
  danger?: boolean;
  isDisabled?: boolean;
  run: () => void;
}

/** A button (the child) that opens a short list of actions. */
export function Menu(props: { label: string; entries: MenuEntry[]; children: ReactNode }) {
  const { label, entries, children } = props;
  return (
    <MenuTrigger>
      {children}
      <Popover className={css.popover ?? ""}>
        <AriaMenu
          aria-label={label}
          className={css.menu ?? ""}
          onAction={(key) => entries.find((entry) => entry.id === key)?.run()}
        >
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              textValue={entry.label}
              isDisabled={entry.isDisabled ?? false}
              className={`${css.item} ${entry.danger ? css.danger : ""}`}
              data-testid={`menu-${entry.id}`}
            >
              {entry.icon}
              <span className={css.words}>
                <Text slot="label">{entry.label}</Text>
                {entry.note && (
                  <Text slot="description" className={css.note}>
                    {entry.note}
                  </Text>
                )}
              </span>
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
