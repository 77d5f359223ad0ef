import { useTranslation } from "react-i18next";
import { useWrite } from "../api/call";
import { Banner, Button, FailureBanner, Row, Section, TextArea, useToast } from "../components";
import css from "./Office.module.css";

/** What a supporter needs to know, to be read before it is sent. */
export function SupportBundle() {
  const { t } = useTranslation();
  const toast = useToast();
  const support = useWrite("backup.support");
  const save = useWrite("backup.save_support");
  const text = support.data ? JSON.stringify(support.data, null, 2) : null;
  const copy = async () => {
    if (text === null) return;
    await navigator.clipboard.writeText(text);
    toast.say(t("backup.copied"));
  };
  return (
    <Section title={t("backup.support")}>
      <p className={css.lead}>{t("backup.supportLead")}</p>
      <Row>
        <Button
          isPending={support.isPending}
          onPress={() => support.mutate({})}
          testId="support-make"
        >
          {t("backup.supportMake")}
        </Button>
        <Button isPending={save.isPending} onPress={() => save.mutate({})} testId="support-save">
          {t("backup.supportSave")}
        </Button>
        {text && <Button onPress={() => void copy()}>{t("backup.copy")}</Button>}
      </Row>
      <FailureBanner problem={support.error ?? save.error} />
      {save.data && (
        <Banner tone="calm">
          <span className={css.path} data-selectable data-testid="support-saved">
            {t("backup.supportSaved", { file: save.data.file })}
          </span>
        </Banner>
      )}
      {text && <TextArea label={t("backup.supportText")} value={text} isReadOnly rows={14} />}
    </Section>
  );
}
