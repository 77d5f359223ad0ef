import { useTranslation } from "react-i18next";
import { useCurrency } from "./currency";
import { formatMoney } from "./numbers";

/** One sentence of the program: its name, its English words and its facts. */
export interface Sentence {
  code: string;
  message: string;
  facts: { [name: string]: string };
}

/** What a component needs to know of a failure; `Failure` of the program fits. */
export interface Problem extends Sentence {
  fields: { [name: string]: Sentence };
}

const GAP = /\{\{(\w+)(, money)?\}\}/g;

/**
 * The sentence for a person. In another language than English by its code, with the facts in the
 * gaps; in English as the program said it, unless it names amounts, which it gives in minor units.
 */
export function useSentence(): (said: Sentence) => string {
  const { t, i18n } = useTranslation();
  const currency = useCurrency();
  const { language } = i18n;
  const bundle = i18n.getResourceBundle(language, "translation");
  const wordsOf = (group: string, name: string): string | undefined => bundle?.[group]?.[name];
  return ({ code, message, facts }) => {
    const words = wordsOf("failure", code);
    if (!words || (language === "en" && message && !words.includes(", money"))) {
      return message || t("failure.internal");
    }
    const known = { ...facts };
    if (language !== "en") {
      // What a manager allows and what was not found are words too.
      const detail = wordsOf("approval", facts.what ?? "");
      const what = wordsOf("things", facts.thing ?? "");
      const field = bundle?.imports?.fields?.[facts.field ?? ""];
      if (detail) known.detail = detail;
      if (what) known.what = what;
      if (field) known.field = field;
    }
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
