import { CircleCheck, CircleSlash } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ImportReport, JobStatus, Undone } from "../../api/bindings";
import {
  Button,
  EmptyState,
  Facts,
  FailedState,
  FailureBanner,
  Page,
  Progress,
  Row,
  Section,
  Skeleton,
  useFormat,
} from "../../components";
import { useJob } from "../../parts/useJob";
import { navigate } from "../../router";
import css from "./Imports.module.css";
import { ReportView } from "./ReportView";
import { Steps } from "./Steps";

/** An import, or the taking back of one, while it runs and when it is over. */
export function JobPage({ jobId }: { jobId: string }) {
  const { t } = useTranslation();
  const { job, problem, cancel } = useJob(jobId);
  const isUndo = job?.kind === "import.undo";
  return (
    <Page
      title={isUndo ? t("imports.undo") : t("imports.title")}
      lead={isUndo ? undefined : <Steps at="run" />}
      actions={
        <Button onPress={() => navigate("imports")} testId="import-back">
          {t("imports.back")}
        </Button>
      }
    >
      {!job ? (
        problem ? (
          <FailedState problem={problem} />
        ) : (
          <Skeleton />
        )
      ) : job.state === "running" ? (
        <Running job={job} isUndo={isUndo} onCancel={cancel} />
      ) : job.state === "cancelled" ? (
        <EmptyState icon={<CircleSlash />} title={t("imports.cancelled")}>
          {t("imports.cancelledHelp")}
        </EmptyState>
      ) : job.state === "failed" ? (
        <Section title={isUndo ? t("imports.undoFailed") : t("imports.failed")}>
          <FailureBanner problem={job.failure} />
          <p>{t("imports.failedHelp")}</p>
        </Section>
      ) : isUndo ? (
        <UndoneView undone={job.result as Undone} />
      ) : (
        <>
          <Done title={t("imports.doneTitle")} />
          <ReportView report={job.result as ImportReport} />
        </>
      )}
    </Page>
  );
}

function Running(props: { job: JobStatus; isUndo: boolean; onCancel: () => void }) {
  const { job, isUndo, onCancel } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const done = format.qty(String(job.done));
  const far = job.total === null ? done : `${done} / ${format.qty(String(job.total))}`;
  return (
    <Section title={isUndo ? t("imports.undoing") : t("imports.running")}>
      <div className={css.running} data-testid="import-running">
        <Progress label={far} done={job.done} total={job.total} />
        <p>{t("imports.allWillBe")}</p>
        <Row>
          <Button onPress={onCancel} testId="import-cancel">
            {t("imports.cancel")}
          </Button>
        </Row>
      </div>
    </Section>
  );
}

function Done({ title }: { title: string }) {
  return (
    <p className={css.done} role="status" data-testid="import-done">
      <CircleCheck aria-hidden="true" />
      {title}
    </p>
  );
}

const UNDONE = [
  "products",
  "products_kept",
  "customers",
  "customers_kept",
  "documents",
  "restored",
  "not_restored",
] as const;

function UndoneView({ undone }: { undone: Undone }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = UNDONE.filter((name) => undone[name] > 0);
  return (
    <>
      <Done title={t("imports.undoneTitle")} />
      {shown.length > 0 && (
        <Section>
          <Facts
            facts={shown.map((name) => ({
              term: t(`imports.undoneCounts.${name}`),
              value: <span className={css.count}>{format.qty(String(undone[name]))}</span>,
            }))}
          />
        </Section>
      )}
    </>
  );
}
