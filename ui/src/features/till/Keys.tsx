import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../components";
import css from "./Keys.module.css";

export type KeyName = keyof typeof KEYS;

/** The keys of the till: the same on the keyboard and under the finger. */
export const KEYS = {
  qty: "F3",
  unit: "Ctrl U",
  discountLine: "F4",
  price: "F5",
  customer: "F6",
  hold: "F7",
  recall: "F8",
  return: "F9",
  discountTicket: "F10",
  note: "F11",
  remove: "Del",
  debt: "Ctrl B",
  noSale: "Ctrl D",
  help: "F1",
} as const;

const TEST_IDS: Partial<Record<KeyName, string>> = {
  hold: "hold",
  recall: "recall",
  return: "return",
};

export function Keys(props: {
  onKey: (key: KeyName) => void;
  disabled: (key: KeyName) => boolean;
  badge: (key: KeyName) => ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <div className={css.keys}>
      {(Object.keys(KEYS) as KeyName[]).map((key) => (
        <Button
          key={key}
          excludeFromTabOrder
          isDisabled={props.disabled(key)}
          onPress={() => props.onKey(key)}
          {...(TEST_IDS[key] ? { testId: TEST_IDS[key] } : {})}
        >
          <span className={css.words}>
            <span>
              {t(`till.key.${key}`)} {props.badge(key)}
            </span>
            <span className={css.hint} aria-hidden="true">
              {KEYS[key]}
            </span>
          </span>
        </Button>
      ))}
    </div>
  );
}
