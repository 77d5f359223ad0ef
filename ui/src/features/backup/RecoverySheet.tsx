import { Printer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button, Dialog, useFormat } from "../../components";
import { useSeat } from "../../seat";
import css from "./RecoverySheet.module.css";

const STEPS = ["install", "copy", "bring", "sign", "number"] as const;

/** What to do on the day the machine is gone: to be printed and kept somewhere else. */
export function RecoverySheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { place } = useSeat();
  return (
    <Dialog
      title={t("backup.sheet.title")}
      size="large"
      onClose={onClose}
      testId="recovery-dialog"
      actions={
        <>
          <Button onPress={onClose}>{t("common.close")}</Button>
          <Button tone="accent" icon={<Printer />} onPress={() => window.print()}>
            {t("backup.sheet.print")}
          </Button>
        </>
      }
    >
      <article className={css.sheet} data-print-sheet="">
        <h2 className={css.title}>{t("backup.sheet.heading", { company: place.company.name })}</h2>
        <p>
          {t("backup.sheet.of", {
            branch: place.branch.name,
            terminal: place.terminal.name,
            date: format.dateTime(Date.now()),
          })}
        </p>
        <p>{t("backup.sheet.needs")}</p>
        <ul className={css.list}>
          <li>{t("backup.sheet.needsBackup")}</li>
          <li>{t("backup.sheet.needsKey", { file: "recovery.lkey" })}</li>
          <li>{t("backup.sheet.needsPassphrase")}</li>
        </ul>
        <p className={css.line}>{t("backup.sheet.where")}</p>
        <h3 className={css.heading}>{t("backup.sheet.stepsTitle")}</h3>
        <ol className={css.list}>
          {STEPS.map((step) => (
            <li key={step}>{t(`backup.sheet.steps.${step}`)}</li>
          ))}
        </ol>
        <p className={css.warning}>{t("backup.sheet.warning")}</p>
      </article>
    </Dialog>
  );
}
