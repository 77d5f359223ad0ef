import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../api/call";
import { Banner, Button, Field, Form, Row, Section } from "../../components";
import { FieldSet, Wide } from "../../parts/FieldSet";
import css from "./Backup.module.css";

/** The data and its key in one file, for another machine. */
export function Move() {
  const { t } = useTranslation();
  const save = useWrite("backup.export");
  const [file, setFile] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const isReady = file.trim() !== "" && passphrase !== "" && !save.isPending;
  const submit = () => {
    if (!isReady) return;
    save.mutate({ file: file.trim(), passphrase }, { onSuccess: () => setPassphrase("") });
  };
  return (
    <Section title={t("backup.move.title")} testId="move">
      <p className={css.lead}>{t("backup.move.lead")}</p>
      <Form onSubmit={submit} problem={save.error}>
        <FieldSet>
          <Field
            name="file"
            label={t("backup.move.file")}
            help={t("backup.move.fileHelp")}
            value={file}
            onChange={setFile}
            testId="move-file"
          />
          <Field
            name="passphrase"
            label={t("backup.recovery.passphrase")}
            type="password"
            value={passphrase}
            onChange={setPassphrase}
            testId="move-passphrase"
          />
          <Wide>
            <Row>
              <Button
                type="submit"
                isDisabled={!isReady}
                isPending={save.isPending}
                testId="move-save"
              >
                {t("backup.move.save")}
              </Button>
            </Row>
          </Wide>
        </FieldSet>
      </Form>
      {save.data && (
        <Banner tone="calm">
          <span className={css.path} data-selectable data-testid="move-done">
            {t("backup.move.done", { file: save.data.file })}
          </span>
        </Banner>
      )}
    </Section>
  );
}
