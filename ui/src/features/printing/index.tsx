import { Printer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PrintJob } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  Button,
  Chip,
  Confirm,
  EmptyState,
  Loaded,
  Page,
  Select,
  Table,
  useFormat,
  useSentence,
  useToast,
} from "../../components";
import { navigate, useQueryParam } from "../../router";
import { useMay } from "../../seat";
import css from "./Printing.module.css";

const LOOK_EVERY_MS = 3_000;
const TONES = {
  waiting: "plain",
  printed: "accent",
  failed: "danger",
  cancelled: "plain",
} as const;
type State = keyof typeof TONES;

const stateOf = (job: PrintJob): State => (job.state in TONES ? (job.state as State) : "waiting");
/** Somebody may still do something about it. */
const isUnfinished = (job: PrintJob) => ["waiting", "failed"].includes(stateOf(job));

/** Papers on their way to a printer. */
export default function PrintQueue() {
  const { t } = useTranslation();
  const [show, setShow] = useQueryParam("show", "unfinished");
  const queue = useRead("print.queue", {}, { every: LOOK_EVERY_MS });
  const [dropped, setDropped] = useState<PrintJob | null>(null);
  const maySetUp = useMay("settings:read");
  return (
    <Page
      title={t("printing.title")}
      flush
      actions={
        maySetUp && (
          <Button onPress={() => navigate("settings", "printers")}>{t("printing.printers")}</Button>
        )
      }
      tools={
        <Select
          label={t("printing.show")}
          options={[
            { id: "unfinished", label: t("printing.unfinished") },
            { id: "all", label: t("printing.all") },
          ]}
          value={show}
          onChange={setShow}
        />
      }
    >
      <Loaded query={queue}>
        {(jobs) => {
          const rows = show === "all" ? jobs : jobs.filter(isUnfinished);
          if (rows.length === 0) {
            return (
              <EmptyState icon={<Printer />} title={t("printing.none")}>
                {t("printing.noneHelp")}
              </EmptyState>
            );
          }
          return <Jobs rows={rows} onDrop={setDropped} />;
        }}
      </Loaded>
      {dropped && <DropDialog job={dropped} onClose={() => setDropped(null)} />}
    </Page>
  );
}

function Jobs({ rows, onDrop }: { rows: PrintJob[]; onDrop: (job: PrintJob) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Table
      label={t("printing.title")}
      rows={rows}
      keyOf={(row) => row.print_job_id}
      testIdOf={(_, index) => `print-job-${index}`}
      columns={[
        {
          id: "state",
          title: t("printing.state"),
          cell: (row) => (
            <Chip tone={TONES[stateOf(row)]}>{t(`printing.states.${stateOf(row)}`)}</Chip>
          ),
          width: "8rem",
        },
        {
          id: "paper",
          title: t("printing.paper"),
          cell: (row) => <span className={css.whole}>{row.title}</span>,
        },
        {
          id: "printer",
          title: t("printing.printer"),
          cell: (row) => <span className={css.whole}>{row.printer}</span>,
        },
        {
          id: "queued",
          title: t("printing.queued"),
          cell: (row) => <span className={css.whole}>{format.dateTime(row.created_at)}</span>,
        },
        {
          id: "problem",
          title: t("printing.problem"),
          cell: (row) => <Trouble job={row} />,
        },
        {
          id: "do",
          title: t("common.change"),
          titleHidden: true,
          numeric: true,
          cell: (row) => <Actions job={row} onDrop={() => onDrop(row)} />,
        },
      ]}
    />
  );
}

function Trouble({ job }: { job: PrintJob }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const format = useFormat();
  if (job.problems.length === 0) return null;
  const tries = t("printing.tries", { count: job.tries });
  return (
    <>
      {job.problems.map(sentence).join(" ")}
      <div className={css.soft}>
        {stateOf(job) === "waiting"
          ? `${tries} · ${t("printing.next", { time: format.time(job.next_try_at) })}`
          : tries}
      </div>
    </>
  );
}

function Actions({ job, onDrop }: { job: PrintJob; onDrop: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const retry = useWrite("print.retry");
  const { print_job_id } = job;
  const state = stateOf(job);
  if (state === "printed") return null;
  return (
    <div className={css.actions}>
      <Button
        size="small"
        isPending={retry.isPending}
        onPress={() =>
          retry.mutate(
            { print_job_id },
            { onSuccess: () => toast.say(t("printing.retried")), onError: toast.fail },
          )
        }
        testId="print-retry"
      >
        {t("printing.retry")}
      </Button>
      {isUnfinished(job) && (
        <Button size="small" tone="quiet" onPress={onDrop} testId="print-cancel">
          {t("printing.cancel")}
        </Button>
      )}
    </div>
  );
}

function DropDialog({ job, onClose }: { job: PrintJob; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const cancel = useWrite("print.cancel");
  return (
    <Confirm
      title={t("printing.cancelTitle", { title: job.title })}
      confirmLabel={t("printing.cancel")}
      danger
      isPending={cancel.isPending}
      onConfirm={() =>
        cancel.mutate(
          { print_job_id: job.print_job_id },
          {
            onSuccess: () => toast.say(t("printing.cancelled")),
            onError: toast.fail,
            onSettled: onClose,
          },
        )
      }
      onClose={onClose}
    >
      {t("printing.cancelHelp")}
    </Confirm>
  );
}
