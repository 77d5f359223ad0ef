import { useIsFetching, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SalvageView, StartStatus } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Banner, Button, FailureBanner, Section, useSentence, Welcome } from "../../components";
import { RestoreBackup } from "./RestoreBackup";
import css from "./Start.module.css";

const TITLES = {
  damaged: "start.damagedTitle",
  in_use: "start.inUseTitle",
  key_missing: "start.keyMissingTitle",
  newer: "start.newerTitle",
  failed: "start.failedTitle",
} as const;

/** The store does not open: what happened, what can be saved, and the way back to selling. */
export function Recovery({ status }: { status: StartStatus }) {
  const { t } = useTranslation();
  const [saved, setSaved] = useState<SalvageView | null>(null);
  const salvage = useWrite("backup.salvage");
  const client = useQueryClient();
  const sentence = useSentence();
  const isLooking = useIsFetching() > 0;
  const { state } = status;
  if (state === "ready" || state === "empty") return null;
  // A store in use or of a newer program is whole: nothing in it needs mending.
  const mends = state === "damaged" || state === "failed" || state === "key_missing";
  return (
    <Welcome>
      <div className={css.recovery} data-testid="recovery">
        <h1 className={css.title}>{t(TITLES[state])}</h1>
        <Banner tone="danger">{sentence(status.message)}</Banner>
        {mends && (
          <>
            <Section title={t("start.salvageTitle")}>
              <p>{t("start.salvageHelp")}</p>
              {saved ? (
                <Banner tone="calm">
                  <span data-testid="salvage-result">{t("start.salvaged", { ...saved })}</span>
                </Banner>
              ) : (
                <div>
                  <Button
                    isPending={salvage.isPending}
                    onPress={() => salvage.mutate({}, { onSuccess: setSaved })}
                    testId="salvage"
                  >
                    {t("start.salvage")}
                  </Button>
                </div>
              )}
              <FailureBanner problem={salvage.error} />
            </Section>
            <RestoreBackup salvaged={saved} />
          </>
        )}
        <div className={css.foot}>
          <Button
            tone={mends ? "plain" : "accent"}
            isPending={isLooking}
            onPress={() => void client.invalidateQueries()}
            testId="start-retry"
          >
            {t("common.tryAgain")}
          </Button>
        </div>
        <p className={css.small} data-selectable>
          {t("start.dataFolder", { folder: status.data_folder })} · Lumbung {status.version}
        </p>
      </div>
    </Welcome>
  );
}
