import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JoinStatus } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import type { Failure } from "../../api/failure";
import { Banner, Button, FailureBanner, Form, Progress, Row, Welcome } from "../../components";
import { CentreFields, NOWHERE } from "../../parts/CentreFields";
import css from "./Start.module.css";

const LOOK_EVERY_MS = 500;
const MEGABYTE = 1024 * 1024;

/** This machine becomes another till of a company with a centre. */
export function JoinCentre(props: {
  joining: UseQueryResult<JoinStatus | null, Failure>;
  onBack: () => void;
}) {
  const { t } = useTranslation();
  const status = props.joining.data ?? null;
  return (
    <Welcome>
      <div className={css.form} data-testid="join">
        <h1 className={css.title}>{t("sync.join.title")}</h1>
        {status ? <UnderWay status={status} /> : <Ask onBack={props.onBack} />}
      </div>
    </Welcome>
  );
}

function Ask({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState(NOWHERE);
  const join = useWrite("sync.join");
  return (
    <Form onSubmit={() => !join.isPending && join.mutate(given)} problem={join.error}>
      <p className={css.lead}>{t("sync.join.lead")}</p>
      <CentreFields
        value={given}
        onChange={setGiven}
        codeHelp={t("sync.connect.codeHelp")}
        problem={join.error}
      />
      <Row end>
        <Button onPress={onBack}>{t("common.back")}</Button>
        <Button
          type="submit"
          tone="accent"
          size="large"
          isPending={join.isPending}
          testId="join-start"
        >
          {t("sync.join.start")}
        </Button>
      </Row>
    </Form>
  );
}

function UnderWay({ status: first }: { status: JoinStatus }) {
  const { t } = useTranslation();
  const joining = useRead("sync.joining", {}, { every: LOOK_EVERY_MS });
  const goOn = useWrite("sync.go_on");
  const giveUp = useWrite("sync.give_up");
  const status = joining.data ?? first;
  const isStopped = status.failure !== null || status.step === "interrupted";
  const megabytes = (bytes: number) => (bytes / MEGABYTE).toFixed(1);
  return (
    <>
      {isStopped ? (
        <>
          <FailureBanner problem={status.failure} />
          <Banner tone="calm">
            <strong>{t("sync.join.interrupted")}</strong>{" "}
            {t("sync.join.interruptedHelp", { address: status.address })}
          </Banner>
        </>
      ) : (
        <Progress label={t(`sync.join.${status.step}`)} done={status.done} total={status.total} />
      )}
      {!isStopped && status.total !== null && (
        <p className={css.small}>
          {t("sync.join.bytes", {
            done: megabytes(status.done),
            total: megabytes(status.total),
          })}
        </p>
      )}
      <FailureBanner problem={goOn.error ?? giveUp.error} />
      <p className={css.small}>{t("sync.join.giveUpHelp")}</p>
      <Row end>
        <Button
          isPending={giveUp.isPending}
          isDisabled={status.step === "opening" && !isStopped}
          onPress={() => giveUp.mutate({})}
          testId="join-give-up"
        >
          {t("sync.join.giveUp")}
        </Button>
        {isStopped && (
          <Button
            tone="accent"
            size="large"
            isPending={goOn.isPending}
            onPress={() => goOn.mutate({})}
            testId="join-go-on"
          >
            {t("sync.join.goOn")}
          </Button>
        )}
      </Row>
    </>
  );
}
