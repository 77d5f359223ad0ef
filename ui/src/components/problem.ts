import { useTranslation } from "react-i18next";
import { useCurrency } from "./currency";
import { formatMoney } from "./numbers";

/** What a component needs to know of a failure; `Failure` of the program fits. */
export interface Problem {
  code: string;
  message: string;
  fields: { [name: string]: string };
  facts: { [name: string]: string };
}

const GAP = /\{\{(\w+)(, money)?\}\}/g;

/**
 * The sentence for a person. In another language than English by its code, with the facts in the
 * gaps; in English as the program said it, unless it names amounts, which it gives in minor units.
 */
export function useSentence(): (problem: Problem) => string {
  const { t, i18n } = useTranslation();
  const currency = useCurrency();
  const { language } = i18n;
  const wordsOf = (group: string, name: string): string | undefined =>
    i18n.getResourceBundle(language, "translation")?.[group]?.[name];
  return ({ code, message, facts }) => {
    const words = wordsOf("failure", code);
    if (!words || (language === "en" && message && !words.includes(", money"))) {
      return message || t("failure.internal");
    }
    const detail = language === "en" ? undefined : wordsOf("approval", facts.what ?? "");
    const known = detail ? { ...facts, detail } : facts;
    let missing = false;
    const sentence = words.replace(GAP, (_gap, name: string, money?: string) => {
      const fact = known[name];
      if (fact === undefined) missing = true;
      const isAmount = money && fact !== undefined && /^-?\d{1,15}$/.test(fact);
      return isAmount ? formatMoney(Number(fact), currency, language) : (fact ?? "");
    });
    return missing && message ? message : sentence;
  };
}
