import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead, useWrite } from "../../api/call";
import {
  Banner,
  Button,
  Field,
  Form,
  Loaded,
  Row,
  Section,
  useFormat,
  useToast,
} from "../../components";
import { FieldSet, Wide } from "../../parts/FieldSet";
import { useMay } from "../../seat";
import css from "./Backup.module.css";
import { RecoverySheet } from "./RecoverySheet";

/** The key of the data under a passphrase: without it no backup opens on another machine. */
export function RecoveryKey() {
  const { t } = useTranslation();
  const format = useFormat();
  const key = useRead("backup.recovery_key", {});
  const [isShown, setShown] = useState(false);
  const mayMake = useMay("system:admin");
  return (
    <Section title={t("backup.recovery.title")} testId="recovery-key">
      <p className={css.lead}>{t("backup.recovery.lead")}</p>
      <Loaded query={key} rows={2}>
        {({ made_at, passphrase_min }) => (
          <>
            {made_at === null ? (
              <Banner tone="warn">{t("backup.recovery.none")}</Banner>
            ) : (
              <Banner
                tone="calm"
                action={
                  <Button size="small" onPress={() => setShown(true)} testId="recovery-sheet">
                    {t("backup.recovery.sheet")}
                  </Button>
                }
              >
                <span data-testid="recovery-made">
                  {t("backup.recovery.there", { date: format.dateTime(made_at) })}
                </span>
              </Banner>
            )}
            {mayMake && <NewKey least={passphrase_min} isFirst={made_at === null} />}
            {isShown && <RecoverySheet onClose={() => setShown(false)} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function NewKey({ least, isFirst }: { least: number; isFirst: boolean }) {
  const { t } = useTranslation();
  const toast = useToast();
  const make = useWrite("backup.make_recovery_key");
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const differs = again !== "" && again !== passphrase;
  const submit = () => {
    if (differs || again === "" || make.isPending) return;
    make.mutate(
      { passphrase },
      {
        onSuccess: () => {
          setPassphrase("");
          setAgain("");
          toast.say(t("backup.recovery.made"));
        },
      },
    );
  };
  return (
    <Form onSubmit={submit} problem={make.error}>
      <FieldSet>
        <Field
          name="passphrase"
          label={t("backup.recovery.passphrase")}
          help={t("backup.recovery.passphraseHelp", { least })}
          type="password"
          value={passphrase}
          onChange={setPassphrase}
          testId="recovery-passphrase"
        />
        <Field
          label={t("backup.recovery.again")}
          type="password"
          value={again}
          onChange={setAgain}
          error={differs ? t("backup.recovery.differs") : undefined}
          testId="recovery-again"
        />
        <Wide>
          <Row>
            <Button type="submit" isPending={make.isPending} testId="recovery-make">
              {t(isFirst ? "backup.recovery.make" : "backup.recovery.replace")}
            </Button>
          </Row>
        </Wide>
      </FieldSet>
    </Form>
  );
}
