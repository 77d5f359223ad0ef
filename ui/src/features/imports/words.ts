import { useTranslation } from "react-i18next";
import type { Change, RowError } from "../../api/bindings";
import { useSentence } from "../../components";

/** What is wrong in a row, with its line and column; or of the file as a whole. */
export function useRowWords(): (error: RowError) => string {
  const { t } = useTranslation();
  const sentence = useSentence();
  return ({ line, column, why }) => {
    const words = sentence(why);
    if (line === 0) return words;
    return column === ""
      ? t("imports.atLine", { line, words })
      : t("imports.atCell", { line, column, words });
  };
}

/** What a row changes: each field with the value of before and the one of the file. */
export function useChangeWords(): (changes: Change[]) => string {
  const { t } = useTranslation();
  const shown = (value: string) =>
    value === "yes" || value === "no" ? t(`common.${value}`) : value;
  return (changes) =>
    changes
      .map(({ field, from, to }) => {
        const name = t(`imports.fields.${field as "name"}`, { defaultValue: field });
        const before = from === "" ? "" : `${shown(from)} `;
        return `${name} ${before}→ ${shown(to)}`;
      })
      .join(", ");
}
