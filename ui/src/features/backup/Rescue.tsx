import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SalvageView } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Banner, Button, FailureBanner, Row, Section, useToast } from "../../components";
import css from "./Backup.module.css";

/** Reads what a damaged file still holds, and brings it in again. */
export function Rescue() {
  const { t } = useTranslation();
  const toast = useToast();
  const [saved, setSaved] = useState<SalvageView | null>(null);
  const salvage = useWrite("backup.salvage");
  const apply = useWrite("backup.apply_salvage");
  return (
    <Section title={t("backup.salvageTitle")}>
      <p className={css.lead}>{t("backup.salvageLead")}</p>
      <Row>
        <Button
          isPending={salvage.isPending}
          onPress={() => salvage.mutate({}, { onSuccess: setSaved })}
          testId="salvage"
        >
          {t("backup.salvage")}
        </Button>
        {saved && (
          <Button
            isPending={apply.isPending}
            onPress={() =>
              apply.mutate(
                { file: saved.file },
                {
                  onSuccess: ({ added, known }) => toast.say(t("start.applied", { added, known })),
                },
              )
            }
          >
            {t("backup.salvageApply")}
          </Button>
        )}
      </Row>
      {saved && (
        <Banner tone="calm">
          <span className={css.path}>{t("start.salvaged", { ...saved })}</span>
        </Banner>
      )}
      <FailureBanner problem={salvage.error ?? apply.error} />
    </Section>
  );
}
