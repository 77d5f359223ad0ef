import { createContext, useContext } from "react";
import { useTranslation } from "react-i18next";
import type { CurrencyInfo } from "./numbers";

/** The company's currency, for every amount below. Given once, by the shell. */
export const CurrencyContext = createContext<CurrencyInfo>({ code: "IDR", digits: 0 });

export function useCurrency(): CurrencyInfo {
  return useContext(CurrencyContext);
}

/** The language the figures are written in. */
export function useLocale(): string {
  return useTranslation().i18n.language;
}
