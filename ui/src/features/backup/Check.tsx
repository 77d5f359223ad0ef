import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../api/call";
import {
  Banner,
  Button,
  Chip,
  FailureBanner,
  Progress,
  Row,
  Section,
  Table,
  useFormat,
  useSentence,
} from "../../components";
import { useJob } from "../../parts/useJob";
import { useNames } from "../../parts/useNames";
import css from "./Backup.module.css";
import { asReport, type Report as Found, type Check as OneCheck } from "./report";

/** Recomputes everything from what was recorded. */
export function Check() {
  const { t } = useTranslation();
  const [jobId, setJobId] = useState<string | null>(null);
  const start = useWrite("verify.start");
  const nameOf = useNames("checks");
  const { job, problem, isRunning, cancel } = useJob(jobId);
  const report = job?.state === "done" ? asReport(job.result) : null;
  return (
    <Section title={t("backup.verifyTitle")} testId="verify">
      <p className={css.lead}>{t("backup.verifyLead")}</p>
      <Row>
        <Button
          isPending={start.isPending}
          isDisabled={isRunning}
          onPress={() => start.mutate({}, { onSuccess: ({ job_id }) => setJobId(job_id) })}
          testId="verify-start"
        >
          {t(report ? "backup.verifyAgain" : "backup.verify")}
        </Button>
        {isRunning && <Button onPress={cancel}>{t("common.cancel")}</Button>}
      </Row>
      {isRunning && (
        <Progress
          label={job?.note ? nameOf(job.note) : t("backup.verifyRunning")}
          done={job?.done ?? 0}
          total={job?.total ?? null}
        />
      )}
      <FailureBanner problem={start.error ?? problem} />
      {report && <Report report={report} />}
    </Section>
  );
}

function Report({ report }: { report: Found }) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNames("checks");
  const bad = report.checks.filter((check) => !check.ok);
  return (
    <>
      <Banner tone={report.ok ? "calm" : "danger"}>
        <span data-testid="verify-result">
          {report.ok ? t("backup.verifyOk") : t("backup.verifyBad", { count: bad.length })} ·{" "}
          {format.dateTime(report.checked_at)}
        </span>
      </Banner>
      <Table
        label={t("backup.verifyTitle")}
        rows={[...bad, ...report.checks.filter((check) => check.ok)]}
        keyOf={(row) => row.name}
        columns={[
          {
            id: "ok",
            title: t("office.state"),
            width: "10rem",
            cell: (row) => (
              <Chip tone={row.ok ? "accent" : "danger"}>
                {row.ok ? t("backup.verifyRight") : t("backup.verifyFound", { count: row.found })}
              </Chip>
            ),
          },
          {
            id: "name",
            title: t("backup.verifyCheck"),
            cell: (row) => (
              <>
                {nameOf(row.name)}
                <Findings check={row} />
              </>
            ),
          },
          {
            id: "count",
            title: t("backup.verifyCounted"),
            numeric: true,
            cell: (row) => format.qty(String(row.count)),
          },
        ]}
      />
    </>
  );
}

function Findings({ check }: { check: OneCheck }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  if (check.findings.length === 0) return null;
  const more = check.found - check.findings.length;
  return (
    <details open={check.findings.length < 5}>
      <summary className={css.soft}>{t("backup.verifyFindings")}</summary>
      <ul className={css.findings}>
        {check.findings.map((finding) => (
          <li key={finding.message} data-selectable>
            {sentence(finding)}
          </li>
        ))}
      </ul>
      {more > 0 && <p className={css.soft}>{t("backup.verifyMore", { count: more })}</p>}
    </details>
  );
}
