import { useTranslation } from "react-i18next";
import { useWrite } from "../api/call";
import { Button, FailureBanner, Row, Section, TextArea, useToast } from "../components";
import css from "./Office.module.css";

/** What a supporter needs to know, to be read before it is sent. */
export function SupportBundle() {
  const { t } = useTranslation();
  const toast = useToast();
  const support = useWrite("backup.support");
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
        {text && <Button onPress={() => void copy()}>{t("backup.copy")}</Button>}
      </Row>
      <FailureBanner problem={support.error} />
      {text && <TextArea label={t("backup.supportText")} value={text} isReadOnly rows={14} />}
    </Section>
  );
}
