import { useTranslation } from "react-i18next";
import css from "./Imports.module.css";

const STEPS = ["file", "columns", "check", "run"] as const;

/** Where in the import a person is. */
export function Steps({ at }: { at: (typeof STEPS)[number] }) {
  const { t } = useTranslation();
  return (
    <span className={css.steps}>
      {STEPS.map((step) => (
        <span
          key={step}
          className={step === at ? css.here : css.step}
          aria-current={step === at ? "step" : undefined}
        >
          {t(`imports.steps.${step}`)}
        </span>
      ))}
    </span>
  );
}
