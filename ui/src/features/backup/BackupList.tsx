import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BackupView } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import { toFailure } from "../../api/failure";
import { type FileFilter, transport } from "../../api/transport";
import {
  Button,
  Chip,
  EmptyState,
  FailureBanner,
  Field,
  Loaded,
  Row,
  Section,
  Table,
  useFormat,
  useToast,
} from "../../components";
import css from "./Backup.module.css";
import { sizeWords } from "./bytes";
import { MakeBackup } from "./MakeBackup";
import { RestoreDialog, type ToRestore } from "./RestoreDialog";

const BACKUPS: FileFilter = { name: "Lumbung", extensions: ["db"] };

/** The copies there are: look, check, put one back. */
export function BackupList() {
  const { t } = useTranslation();
  const backups = useRead("backup.list", {});
  const [asks, setAsks] = useState<ToRestore | null>(null);
  return (
    <Section title={t("backup.list")} testId="backups">
      <MakeBackup />
      <Loaded query={backups} rows={3}>
        {(copies) =>
          copies.length === 0 ? (
            <EmptyState title={t("backup.none")}>{t("backup.noneHelp")}</EmptyState>
          ) : (
            <Copies copies={copies} onRestore={setAsks} />
          )
        }
      </Loaded>
      <OtherDisk onRestore={setAsks} />
      {asks && <RestoreDialog backup={asks} onClose={() => setAsks(null)} />}
    </Section>
  );
}

/** A copy that lies elsewhere: on a stick, or on the disk of the second folder. */
function OtherDisk({ onRestore }: { onRestore: (backup: ToRestore) => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [path, setPath] = useState("");
  const check = useCheck();
  const { chooseFile } = transport();
  const choose = () => {
    chooseFile?.(BACKUPS).then(
      (file) => file && setPath(file),
      (thrown) => toast.fail(toFailure(thrown)),
    );
  };
  const file = path.trim();
  return (
    <>
      <Row>
        <div className={css.grow}>
          <Field label={t("backup.other")} value={path} onChange={setPath} testId="backup-path" />
        </div>
        {chooseFile && <Button onPress={choose}>{t("backup.choose")}</Button>}
        <Button
          isDisabled={file === ""}
          isPending={check.isPending}
          onPress={() => check.run(file)}
        >
          {t("backup.check")}
        </Button>
        <Button isDisabled={file === ""} onPress={() => onRestore({ file, made_at: null })}>
          {t("backup.restore")}
        </Button>
      </Row>
      <FailureBanner problem={check.problem} />
    </>
  );
}

/** Proves a copy without putting it anywhere. */
function useCheck() {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const check = useWrite("backup.check");
  return {
    isPending: check.isPending,
    problem: check.error,
    run: (file: string) =>
      check.mutate(
        { file },
        {
          onSuccess: ({ commits, made_at }) =>
            toast.say(t("backup.checkOk", { count: commits, date: format.dateTime(made_at) })),
        },
      ),
  };
}

function Copies(props: { copies: BackupView[]; onRestore: (backup: ToRestore) => void }) {
  const { copies, onRestore } = props;
  const { t, i18n } = useTranslation();
  const format = useFormat();
  return (
    <Table
      label={t("backup.list")}
      rows={copies}
      keyOf={(row) => row.file}
      columns={[
        { id: "made", title: t("common.time"), cell: (row) => format.dateTime(row.made_at) },
        {
          id: "file",
          title: t("backup.file"),
          cell: (row) => <span className={css.path}>{row.file}</span>,
        },
        {
          id: "entries",
          title: t("backup.entries"),
          numeric: true,
          cell: (row) => format.qty(String(row.commits)),
        },
        {
          id: "size",
          title: t("backup.size"),
          numeric: true,
          cell: (row) => sizeWords(row.bytes, i18n.language),
        },
        {
          id: "encrypted",
          title: t("office.state"),
          cell: (row) => (
            <Chip tone={row.encrypted ? "plain" : "warn"}>
              {t(row.encrypted ? "backup.encrypted" : "backup.notEncrypted")}
            </Chip>
          ),
        },
        {
          id: "do",
          title: t("common.change"),
          titleHidden: true,
          numeric: true,
          cell: (row) => <CopyActions copy={row} onRestore={() => onRestore(row)} />,
        },
      ]}
    />
  );
}

function CopyActions({ copy, onRestore }: { copy: BackupView; onRestore: () => void }) {
  const { t } = useTranslation();
  const check = useCheck();
  return (
    <>
      <Row end>
        <Button
          size="small"
          isPending={check.isPending}
          onPress={() => check.run(copy.file)}
          testId="backup-check"
        >
          {t("backup.check")}
        </Button>
        <Button size="small" onPress={onRestore} testId="backup-restore">
          {t("backup.restore")}
        </Button>
      </Row>
      <FailureBanner problem={check.problem} />
    </>
  );
}
