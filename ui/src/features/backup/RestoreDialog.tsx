import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../api/call";
import { Confirm, FailureBanner, useFormat, useToast } from "../../components";
import css from "./Backup.module.css";

export interface ToRestore {
  file: string;
  /** Not known of a file on another disk. */
  made_at: number | null;
}

/** Asks once, then puts a copy in the place of the data. */
export function RestoreDialog({ backup, onClose }: { backup: ToRestore; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const client = useQueryClient();
  const restore = useWrite("backup.restore");
  return (
    <Confirm
      title={t("backup.restoreTitle")}
      confirmLabel={t("start.restoreConfirm")}
      danger
      isPending={restore.isPending}
      onConfirm={() =>
        restore.mutate(
          { file: backup.file },
          {
            onSuccess: ({ made_at, kept }) => {
              toast.say(t("start.restored", { date: format.dateTime(made_at), kept }));
              onClose();
              // Everything may be different now, also who sits here.
              void client.invalidateQueries();
            },
          },
        )
      }
      onClose={onClose}
      testId="restore-confirm"
    >
      <p className={css.path} data-selectable>
        {backup.file}
      </p>
      <p>
        {backup.made_at === null
          ? t("backup.restoreFile")
          : t("backup.restoreHelp", { date: format.dateTime(backup.made_at) })}
      </p>
      <FailureBanner problem={restore.error} />
    </Confirm>
  );
}
