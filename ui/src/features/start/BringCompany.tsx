import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../api/call";
import { Button, Field, Form, Row, Section, Welcome } from "../../components";
import { PathField } from "../../parts/PathField";
import css from "./Start.module.css";

/** Another machine: the company comes back from a backup, or moves here in one file. */
export function BringCompany({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const bring = useWrite("start.bring");
  const [file, setFile] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const submit = () => {
    if (file.trim() === "" || bring.isPending) return;
    bring.mutate({ file: file.trim(), passphrase });
  };
  return (
    <Welcome>
      <div className={css.form}>
        <h1 className={css.title}>{t("start.bring")}</h1>
        <p className={css.words}>{t("start.bringLead")}</p>
        <Form onSubmit={submit} problem={bring.error}>
          <Section title={t("start.bringFile")}>
            <PathField
              name="file"
              label={t("start.bringPath")}
              help={t("start.bringFileHelp")}
              chooseLabel={t("backup.choose")}
              filter={{ name: "Lumbung", extensions: ["db", "lumbung"] }}
              value={file}
              onChange={setFile}
              onChosen={setFile}
              testId="bring-file"
            />
          </Section>
          <Section title={t("start.bringPassphrase")}>
            <Field
              name="passphrase"
              label={t("backup.recovery.passphrase")}
              help={t("start.bringPassphraseHelp")}
              type="password"
              value={passphrase}
              onChange={setPassphrase}
              isRequired
              testId="bring-passphrase"
            />
          </Section>
          <Row end>
            <Button size="large" onPress={onBack}>
              {t("common.back")}
            </Button>
            <Button
              type="submit"
              tone="accent"
              size="large"
              isDisabled={file.trim() === ""}
              isPending={bring.isPending}
              testId="bring-go"
            >
              {t("start.bringGo")}
            </Button>
          </Row>
        </Form>
      </div>
    </Welcome>
  );
}
