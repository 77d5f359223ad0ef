import { useTranslation } from "react-i18next";
import type { CodeView } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Button, FailureBanner, Table, useFormat } from "../../components";
import { useMay } from "../../seat";

/** Codes that wait for their machine. What they are was shown once, when they were made. */
export function Codes({ codes }: { codes: CodeView[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const withdraw = useWrite("centre.withdraw");
  const mayConnect = useMay("sync:connect");
  if (codes.length === 0) return null;
  return (
    <>
      <h3>{t("sync.office.codes")}</h3>
      <FailureBanner problem={withdraw.error} />
      <Table
        label={t("sync.office.codes")}
        rows={codes}
        keyOf={(row) => row.code_id}
        columns={[
          {
            id: "till",
            title: t("sync.office.till"),
            cell: (row) =>
              [row.branch, row.terminal, row.replaces && t("sync.office.replaces")]
                .filter(Boolean)
                .join(" · "),
          },
          {
            id: "until",
            title: t("common.time"),
            cell: (row) => t("sync.office.until", { date: format.dateTime(row.expires_at) }),
          },
          {
            id: "act",
            title: t("common.change"),
            titleHidden: true,
            cell: (row) =>
              mayConnect && (
                <Button size="small" onPress={() => withdraw.mutate({ code_id: row.code_id })}>
                  {t("sync.office.withdraw")}
                </Button>
              ),
          },
        ]}
      />
    </>
  );
}
