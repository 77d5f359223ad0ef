import { useTranslation } from "react-i18next";
import type { SyncOverview } from "../../api/bindings";
import { Banner, Section, useFormat } from "../../components";
import { useAgreementWords } from "../../parts/useAgreementWords";
import css from "./Sync.module.css";

/** Whether the centre counts the same receipts as this till. */
export function Receipts({ all }: { all: SyncOverview }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { words } = useAgreementWords();
  const { reconciled, machine } = all;
  if (machine.centre === null) return null;
  const isOther = reconciled.agreement === "different";
  return (
    <Section title={t("sync.reconciled.title")} testId="sync-reconciled">
      <p className={css.soft}>{t("sync.reconciled.lead")}</p>
      <Banner tone={isOther ? "danger" : "calm"}>
        <span data-testid="sync-agreement">{words(reconciled)}</span>
        {isOther && <p>{t("sync.reconciled.differentHelp")}</p>}
      </Banner>
      {reconciled.asked_at !== null && (
        <p className={css.soft} data-selectable>
          {t("sync.reconciled.askedAt", {
            date: format.dateTime(reconciled.asked_at),
            signature: reconciled.signature,
          })}
        </p>
      )}
    </Section>
  );
}
