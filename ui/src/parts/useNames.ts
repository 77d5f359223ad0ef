import { useTranslation } from "react-i18next";
import type { en } from "../text/en";

type Group = keyof (typeof en)["names"] | "approval";

/**
 * The word for a name of the program: a command, a table, a kind. One that a newer program made is
 * shown as it is, with spaces.
 */
export function useNames(group: Group): (name: string) => string {
  const { i18n } = useTranslation();
  const all = i18n.getResourceBundle(i18n.language, "translation") ?? {};
  // What a manager may allow has its words with the failures, where the till asks for it.
  const words: Record<string, string> =
    (group === "approval" ? all.approval : all.names?.[group]) ?? {};
  return (name) => words[name] ?? name.replaceAll("_", " ");
}
