import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BackupView } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Banner, Button, FailureBanner, Progress, Row } from "../../components";
import { useJob } from "../../parts/useJob";

/** Makes a copy now, in the background, and says what came of it. */
export function MakeBackup() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [jobId, setJobId] = useState<string | null>(null);
  const start = useWrite("backup.now");
  const { job, problem, isRunning, cancel } = useJob(jobId);
  const isDone = job?.state === "done";
  useEffect(() => {
    if (isDone) void client.invalidateQueries({ queryKey: ["backup.list"] });
  }, [isDone, client]);
  return (
    <>
      <Row>
        <Button
          tone="accent"
          isPending={start.isPending}
          isDisabled={isRunning}
          onPress={() => start.mutate({}, { onSuccess: ({ job_id }) => setJobId(job_id) })}
          testId="backup-now"
        >
          {t("backup.now")}
        </Button>
        {isRunning && <Button onPress={cancel}>{t("common.cancel")}</Button>}
      </Row>
      {isRunning && (
        <Progress label={t("backup.making")} done={job?.done ?? 0} total={job?.total ?? null} />
      )}
      <FailureBanner problem={start.error ?? problem} />
      {isDone && <Made backup={job.result as BackupView} />}
    </>
  );
}

function Made({ backup }: { backup: BackupView }) {
  const { t } = useTranslation();
  if (backup.second_failed) {
    return (
      <Banner tone="warn">{t("backup.madeNoSecond", { problem: backup.second_failed })}</Banner>
    );
  }
  return (
    <Banner tone="calm">
      <span data-testid="backup-made">
        {backup.second ? t("backup.madeSecond", { path: backup.second }) : t("backup.made")}
      </span>
    </Banner>
  );
}
