import { Cable, HardDriveDownload, Store, Telescope } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { StartStatus } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Button, FailureBanner, Welcome } from "../../components";
import css from "./Start.module.css";

/** Nothing here yet: a shop of one's own, a till of one, one from another machine, or a look. */
export function FirstRun(props: {
  status: StartStatus;
  onCreate: () => void;
  onJoin: () => void;
  onBring: () => void;
}) {
  const { status, onCreate, onJoin, onBring } = props;
  const { t } = useTranslation();
  const demo = useWrite("start.demo");
  return (
    <Welcome>
      <div className={css.page}>
        <h1 className={css.title}>{t("start.title")}</h1>
        <p className={css.lead}>{t("start.welcome")}</p>
        <div className={css.ways}>
          <section className={css.way}>
            <Store aria-hidden="true" />
            <p>{t("start.createHelp")}</p>
            <Button
              tone="accent"
              size="large"
              wide
              autoFocus
              onPress={onCreate}
              isDisabled={demo.isPending}
              testId="start-create"
            >
              {t("start.create")}
            </Button>
          </section>
          <section className={css.way}>
            <Cable aria-hidden="true" />
            <p>{t("sync.join.wayHelp")}</p>
            <Button
              size="large"
              wide
              onPress={onJoin}
              isDisabled={demo.isPending}
              testId="start-join"
            >
              {t("sync.join.way")}
            </Button>
          </section>
          <section className={css.way}>
            <HardDriveDownload aria-hidden="true" />
            <p>{t("start.bringHelp")}</p>
            <Button
              size="large"
              wide
              onPress={onBring}
              isDisabled={demo.isPending}
              testId="start-bring"
            >
              {t("start.bring")}
            </Button>
          </section>
          <section className={css.way}>
            <Telescope aria-hidden="true" />
            <p>{t("start.demoHelp")}</p>
            <Button
              size="large"
              wide
              isPending={demo.isPending}
              onPress={() => demo.mutate({})}
              testId="start-demo"
            >
              {demo.isPending ? t("start.openingDemo") : t("start.demo")}
            </Button>
          </section>
        </div>
        <FailureBanner problem={demo.error} />
        <p className={css.small} data-selectable>
          {t("start.dataFolder", { folder: status.data_folder })} · Lumbung {status.version}
        </p>
      </div>
    </Welcome>
  );
}
