import { Languages, SunMoon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LANGUAGES, setLanguage } from "../text";
import { setTheme, theme } from "../theme";
import { Button } from "./Button";
import { Mark } from "./Mark";
import css from "./Welcome.module.css";

/** The quiet page before anybody is signed in. */
export function Welcome({ children, title }: { children: ReactNode; title?: string | undefined }) {
  const { t, i18n } = useTranslation();
  const other = LANGUAGES.find(({ id }) => id !== i18n.language) ?? LANGUAGES[0];
  const dark = document.documentElement.dataset.theme === "dark";
  return (
    <div className={css.page} data-touch="">
      <header className={css.head}>
        <Mark />
        <strong className={css.name}>Lumbung</strong>
        {title && <span className={css.title}>{title}</span>}
        <span className={css.gap} />
        {other && (
          <Button tone="quiet" icon={<Languages />} onPress={() => setLanguage(other.id)}>
            {other.label}
          </Button>
        )}
        <Button
          tone="quiet"
          icon={<SunMoon />}
          onPress={() => setTheme(theme() === "system" ? (dark ? "light" : "dark") : "system")}
        >
          {t("shell.theme")}
        </Button>
      </header>
      <main className={css.main}>{children}</main>
    </div>
  );
}
