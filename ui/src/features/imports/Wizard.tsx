import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportFile, ImportKind, ImportReport } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import { Button, Page, Progress, Section, useToast } from "../../components";
import { navigate } from "../../router";
import { CheckStep } from "./CheckStep";
import { ColumnsStep } from "./ColumnsStep";
import { FileStep } from "./FileStep";
import { type Choices, type Columns, toOptions, USUAL } from "./mapping";
import { Steps } from "./Steps";

/** A file, its columns, a trial, and only then the import. */
export function Wizard({ kind }: { kind: ImportKind }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [path, setPath] = useState("");
  const [sheet, setSheet] = useState<string | null>(null);
  const [columns, setColumns] = useState<Columns | null>(null);
  const [choices, setChoices] = useState<Choices>(USUAL);
  const [report, setReport] = useState<ImportReport | null>(null);
  const inspected = useRead("import.inspect", { kind, path, sheet }, { enabled: path !== "" });
  const trial = useWrite("import.dry_run");
  const start = useWrite("import.start");

  const found = inspected.data;
  const shown = columns ?? found?.mapping.columns ?? {};
  const decimal = choices.decimal ?? found?.mapping.decimal ?? null;
  const dates = choices.dates ?? found?.mapping.dates ?? null;
  const file: ImportFile = {
    kind,
    path,
    sheet,
    mapping: { columns: shown, decimal, dates },
    options: toOptions(kind, choices),
  };
  const choose = (chosen: string) => {
    setPath(chosen);
    setSheet(null);
    setColumns(null);
    setReport(null);
    trial.reset();
    // The same path again: the file may be another one by now.
    if (chosen === path) void inspected.refetch();
  };
  const check = (part: Partial<Choices> = {}) => {
    const options = toOptions(kind, { ...choices, ...part });
    setChoices((now) => ({ ...now, ...part }));
    trial.mutate({ ...file, options }, { onSuccess: setReport });
  };
  const run = () =>
    start.mutate(file, {
      onSuccess: ({ job_id }) => navigate("imports", "job", job_id),
      onError: toast.fail,
    });

  const step = path === "" || inspected.error ? "file" : report ? "check" : "columns";
  return (
    <Page
      title={t(`imports.newTitle.${kind}`)}
      lead={<Steps at={step} />}
      actions={
        <Button onPress={() => navigate("imports")} testId="import-back">
          {t("imports.back")}
        </Button>
      }
    >
      {path === "" || inspected.error ? (
        <FileStep
          key={path}
          kind={kind}
          initial={path}
          problem={inspected.error}
          isLooking={inspected.isFetching}
          onFile={choose}
        />
      ) : !found ? (
        <Section>
          <Progress label={t("imports.looking")} done={0} total={null} />
        </Section>
      ) : report ? (
        <CheckStep
          report={report}
          isPending={start.isPending || trial.isPending}
          onLeaveOut={() => check({ leaveOutWrong: true })}
          onBack={() => setReport(null)}
          onStart={run}
        />
      ) : (
        <ColumnsStep
          kind={kind}
          inspection={found}
          columns={shown}
          choices={{ ...choices, decimal, dates }}
          sheet={sheet}
          problem={trial.error}
          isChecking={trial.isPending}
          onColumns={setColumns}
          onChoices={(part) => setChoices((now) => ({ ...now, ...part }))}
          onSheet={(next) => {
            setSheet(next);
            setColumns(null);
          }}
          onOtherFile={() => choose("")}
          onCheck={() => check()}
        />
      )}
    </Page>
  );
}
