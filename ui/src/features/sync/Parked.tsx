import { useTranslation } from "react-i18next";
import { useRead, useWrite } from "../../api/call";
import {
  Button,
  FailureBanner,
  Loaded,
  Section,
  Table,
  useFormat,
  useToast,
} from "../../components";
import { useNames } from "../../parts/useNames";
import { useMay } from "../../seat";
import css from "./Sync.module.css";

/** What machines sent after they were locked out: taken in one by one, or left. */
export function Parked() {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const nameOf = useNames("actions");
  const parked = useRead("centre.parked", {});
  const release = useWrite("centre.release");
  const mayConnect = useMay("sync:connect");
  return (
    <Section title={t("sync.office.parkedTitle")} testId="parked">
      <p className={css.soft}>{t("sync.office.parkedLead")}</p>
      <FailureBanner problem={release.error} />
      <Loaded query={parked} rows={3}>
        {(rows) => (
          <Table
            label={t("sync.office.parkedTitle")}
            rows={rows}
            keyOf={(row) => `${row.origin} ${row.ctr}`}
            columns={[
              {
                id: "when",
                title: t("sync.began"),
                cell: (row) => format.dateTime(row.entry.at_ms),
              },
              { id: "what", title: t("sync.what"), cell: (row) => nameOf(row.entry.kind) },
              {
                id: "number",
                title: t("common.number"),
                cell: (row) => row.entry.number ?? "",
              },
              {
                id: "who",
                title: t("sync.who"),
                cell: (row) => row.entry.who || t("sync.machineItself"),
              },
              {
                id: "act",
                title: t("common.change"),
                titleHidden: true,
                cell: (row) =>
                  mayConnect && (
                    <Button
                      size="small"
                      onPress={() =>
                        release.mutate(
                          { origin: row.origin, ctr: row.ctr },
                          { onSuccess: () => toast.say(t("sync.office.released")) },
                        )
                      }
                    >
                      {t("sync.office.release")}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
