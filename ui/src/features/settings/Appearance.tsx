import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Section, Select } from "../../components";
import { FieldSet } from "../../parts/FieldSet";
import { useLanguage } from "../../parts/useLanguage";
import { LANGUAGES, type Language } from "../../text";
import { setTheme, type Theme, theme } from "../../theme";

const THEMES: Theme[] = ["system", "light", "dark"];

/** How this machine looks and which language it speaks. */
export default function Appearance() {
  const { t, i18n } = useTranslation();
  const setLanguage = useLanguage();
  const [chosen, setChosen] = useState<Theme>(theme);
  return (
    <Section title={t("settings.pages.appearance")}>
      <FieldSet>
        <Select
          label={t("shell.language")}
          help={t("settings.appearance.languageHelp")}
          options={LANGUAGES}
          value={i18n.language as Language}
          onChange={setLanguage}
        />
        <Select
          label={t("shell.theme")}
          options={THEMES.map((id) => ({ id, label: t(`shell.${id}`) }))}
          value={chosen}
          onChange={(next) => {
            setTheme(next);
            setChosen(next);
          }}
          testId="theme"
        />
      </FieldSet>
    </Section>
  );
}
