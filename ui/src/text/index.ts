// Words people read, in every language of the product. English says which words there are; the
// compiler refuses another language that lacks one.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";
import { id } from "./id";

export type Language = "en" | "id";
export const LANGUAGES: { id: Language; label: string }[] = [
  { id: "en", label: "English" },
  { id: "id", label: "Bahasa Indonesia" },
];

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    pluralSeparator: "__";
    contextSeparator: "||";
    resources: { translation: typeof en };
  }
}

const KEPT = "lumbung.language";

function preferred(): Language {
  const kept = window.localStorage.getItem(KEPT);
  if (kept === "en" || kept === "id") return kept;
  return navigator.language.startsWith("id") ? "id" : "en";
}

/** The language of the shop, until somebody on this machine chooses one. */
export function proposeLanguage(language: string | null): void {
  if (window.localStorage.getItem(KEPT) || (language !== "en" && language !== "id")) return;
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}

export function startText(language: Language = preferred()): void {
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    // Codes of failures have underscores: they are no plurals.
    pluralSeparator: "__",
    contextSeparator: "||",
    resources: { en: { translation: en }, id: { translation: id } },
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = language;
}

/** The language of this machine, until a person who signs in prefers another. */
export function setLanguage(language: Language): void {
  window.localStorage.setItem(KEPT, language);
  document.documentElement.lang = language;
  void i18next.changeLanguage(language);
}
