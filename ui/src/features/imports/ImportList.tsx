import { FileUp, Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportListed } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  Button,
  Chip,
  Confirm,
  EmptyState,
  FailedState,
  Page,
  Row,
  Section,
  Skeleton,
  Table,
  useFormat,
  useToast,
} from "../../components";
import { usePages } from "../../parts/usePages";
import { navigate } from "../../router";
import css from "./Imports.module.css";
import { isKind, KINDS } from "./mapping";

/** What can be imported, and what was. */
export function ImportList() {
  const { t } = useTranslation();
  return (
    <Page title={t("imports.title")}>
      <div className={css.kinds}>
        {KINDS.map((kind) => (
          <Section key={kind} title={t(`imports.kinds.${kind}`)}>
            <p>{t(`imports.kindHelp.${kind}`)}</p>
            <Row>
              <Button
                icon={<FileUp />}
                onPress={() => navigate("imports", "new", kind)}
                testId={`import-new-${kind}`}
              >
                {t("imports.choose")}
              </Button>
            </Row>
          </Section>
        ))}
      </div>
      <Section title={t("imports.history")}>
        <History />
      </Section>
    </Page>
  );
}

function History() {
  const { t } = useTranslation();
  const [undoing, setUndoing] = useState<ImportListed | null>(null);
  const pages = usePages("import.list", {
    key: null,
    argsAt: (mark) => ({ before: mark === null ? null : String(mark) }),
    rowsOf: (page) => page.imports,
    nextOf: (page) => page.next,
  });
  if (!pages.rows) {
    if (pages.error) return <FailedState problem={pages.error} onRetry={pages.refetch} />;
    return <Skeleton rows={6} />;
  }
  if (pages.rows.length === 0) {
    return <EmptyState title={t("imports.none")}>{t("imports.noneHelp")}</EmptyState>;
  }
  return (
    <>
      <HistoryTable rows={pages.rows} onUndo={setUndoing} />
      {pages.hasMore && (
        <Row>
          <Button onPress={pages.more}>{t("common.more")}</Button>
        </Row>
      )}
      {undoing && <UndoDialog run={undoing} onClose={() => setUndoing(null)} />}
    </>
  );
}

function HistoryTable(props: { rows: ImportListed[]; onUndo: (run: ImportListed) => void }) {
  const { rows, onUndo } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const people = useRead("users.sign_in_list", {});
  const nameOf = (id: string | null) =>
    people.data?.find((person) => person.user_id === id)?.name ?? "–";
  const figure = (id: "rows" | "created" | "changed" | "left_out") => ({
    id,
    title: t(`imports.counts.${id}`),
    numeric: true,
    cell: (row: ImportListed) => format.qty(String(row[id])),
  });
  return (
    <Table
      label={t("imports.history")}
      rows={rows}
      keyOf={(row) => row.import_id}
      columns={[
        { id: "time", title: t("common.time"), cell: (row) => format.dateTime(row.imported_at) },
        {
          id: "kind",
          title: t("imports.kind"),
          cell: ({ kind }) => (isKind(kind) ? t(`imports.kinds.${kind}`) : kind),
        },
        { id: "file", title: t("imports.file"), cell: (row) => row.file },
        { id: "by", title: t("imports.importedBy"), cell: (row) => nameOf(row.imported_by) },
        figure("rows"),
        figure("created"),
        figure("changed"),
        figure("left_out"),
        {
          id: "undo",
          title: t("imports.undo"),
          titleHidden: true,
          numeric: true,
          cell: (row) =>
            row.undone_at === null ? (
              <Button
                size="small"
                icon={<Undo2 />}
                onPress={() => onUndo(row)}
                testId="import-undo"
              >
                {t("imports.undo")}
              </Button>
            ) : (
              <Chip tone="warn" title={format.dateTime(row.undone_at)}>
                {t("imports.undone")}
              </Chip>
            ),
        },
      ]}
    />
  );
}

function UndoDialog({ run, onClose }: { run: ImportListed; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const undo = useWrite("import.undo");
  return (
    <Confirm
      title={t("imports.undoTitle", { file: run.file })}
      confirmLabel={t("imports.undoConfirm")}
      danger
      isPending={undo.isPending}
      onConfirm={() =>
        undo.mutate(
          { import_id: run.import_id },
          {
            onSuccess: ({ job_id }) => navigate("imports", "job", job_id),
            onError: toast.fail,
          },
        )
      }
      onClose={onClose}
      testId="import-undo-confirm"
    >
      <p>{t("imports.undoHelp")}</p>
    </Confirm>
  );
}
