import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Me, OlderState } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Button, FailureBanner, Row, Section, useFormat, Welcome } from "../../components";
import { navigate } from "../../router";
import { grants } from "../../seat";
import css from "./Start.module.css";

/**
 * The end of the data file was lost and the state before it opened: what is missing, and what can
 * be done. The owner takes note of it; others may go on selling.
 */
export function OlderData(props: { older: OlderState; me: Me; onGoOn: () => void }) {
  const { older, me, onGoOn } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const note = useWrite("start.take_note");
  const signOut = useWrite("users.sign_out");
  const answers = grants(me.permissions, "backup:run");
  const last = older.last_at === null ? t("start.older.nothing") : format.dateTime(older.last_at);
  return (
    <Welcome title={me.place.company.name}>
      <div className={css.recovery} data-testid="older-data">
        <h1 className={css.alarm}>
          <TriangleAlert aria-hidden="true" />
          {t("start.older.title")}
        </h1>
        <p className={css.lead}>{t("start.older.lead", { last, count: older.missing })}</p>
        <Section title={t("start.older.whatTitle")}>
          <ul className={css.list}>
            <li>{t("start.older.compare")}</li>
            <li>{t("start.older.backup")}</li>
            <li>{t("start.older.series", { old: older.old_series, next: older.new_series })}</li>
          </ul>
        </Section>
        <FailureBanner problem={note.error} />
        {answers ? (
          <Row end>
            <Button
              size="large"
              onPress={() => {
                navigate("backup");
                onGoOn();
              }}
              testId="older-backups"
            >
              {t("start.older.toBackups")}
            </Button>
            <Button
              tone="accent"
              size="large"
              isPending={note.isPending}
              onPress={() => note.mutate({})}
              testId="older-note"
            >
              {t("start.older.takeNote")}
            </Button>
          </Row>
        ) : (
          <>
            <p>{t("start.older.tellOwner")}</p>
            <Row end>
              <Button size="large" onPress={() => signOut.mutate({})}>
                {t("shell.signOut")}
              </Button>
              <Button tone="accent" size="large" onPress={onGoOn} testId="older-go-on">
                {t("start.older.goOn")}
              </Button>
            </Row>
          </>
        )}
        <p className={css.small}>
          {t("start.older.found", { date: format.dateTime(older.found_at) })}
        </p>
      </div>
    </Welcome>
  );
}
