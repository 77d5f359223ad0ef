import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RestoreView, SalvageView } from "../../api/bindings";
import { call, useRead } from "../../api/call";
import { type Failure, toFailure } from "../../api/failure";
import {
  Button,
  Confirm,
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

/** Puts a copy in the place of the damaged data, and brings back what was saved from it. */
export function RestoreBackup({ salvaged }: { salvaged: SalvageView | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const client = useQueryClient();
  const backups = useRead("backup.list", {});
  const [asks, setAsks] = useState<string | null>(null);
  const [path, setPath] = useState("");
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Failure | null>(null);

  const restore = async (file: string) => {
    setPending(true);
    setProblem(null);
    try {
      const done: RestoreView = await call("backup.restore", { file });
      toast.say(t("start.restored", { date: format.dateTime(done.made_at), kept: done.kept }));
      // The saved entries go in at once, before anybody sells on top of the older state.
      if (salvaged) {
        const applied = await call("backup.apply_salvage", { file: salvaged.file });
        toast.say(t("start.applied", { added: applied.added, known: applied.known }));
      }
    } catch (thrown) {
      setProblem(toFailure(thrown));
    } finally {
      setPending(false);
      setAsks(null);
      void client.invalidateQueries();
    }
  };

  return (
    <Section title={t("start.restoreStep")}>
      <p>{t("start.restoreHelp")}</p>
      <Loaded query={backups} rows={3}>
        {(copies) =>
          copies.length === 0 ? (
            <EmptyState title={t("start.noBackups")}>{t("start.noBackupsHelp")}</EmptyState>
          ) : (
            <Table
              label={t("start.restoreTitle")}
              rows={copies}
              keyOf={(copy) => copy.file}
              columns={[
                {
                  id: "made",
                  title: t("common.time"),
                  cell: (copy) => format.dateTime(copy.made_at),
                },
                {
                  id: "commits",
                  title: t("start.company"),
                  cell: (copy) => t("start.commits", { count: copy.commits }),
                },
                {
                  id: "restore",
                  title: t("start.restoreTitle"),
                  titleHidden: true,
                  numeric: true,
                  cell: (copy) => (
                    <Button size="small" onPress={() => setAsks(copy.file)} testId="restore">
                      {t("start.restore")}
                    </Button>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <Row>
        <Field label={t("start.others")} value={path} onChange={setPath} testId="restore-path" />
        <Button isDisabled={path.trim() === ""} onPress={() => setAsks(path.trim())}>
          {t("start.restore")}
        </Button>
      </Row>
      <FailureBanner problem={problem} />
      {asks !== null && (
        <Confirm
          title={t("start.restoreTitle")}
          confirmLabel={t("start.restoreConfirm")}
          isPending={isPending}
          onConfirm={() => void restore(asks)}
          onClose={() => setAsks(null)}
          testId="restore-confirm"
        >
          <p data-selectable>{asks}</p>
          <p>{t("start.restoreHelp")}</p>
        </Confirm>
      )}
    </Section>
  );
}
