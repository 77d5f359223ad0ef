import { PanelLeftClose, PanelLeftOpen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { IconButton } from "../../components";
import type { Feature, FeatureGroup } from "../../features";
import { href } from "../../router";
import css from "./Navigation.module.css";

const GROUPS: FeatureGroup[] = ["sell", "goods", "finance", "admin"];

/** The screens this person may open. Folded at the till, where the width belongs to the ticket. */
export function Navigation(props: {
  features: Feature[];
  current: string;
  folded: boolean;
  onFold: (folded: boolean) => void;
}) {
  const { t } = useTranslation();
  const { features, current, folded, onFold } = props;
  return (
    <nav className={`${css.nav} ${folded ? css.folded : ""}`} aria-label={t("shell.nav")}>
      <div className={css.groups}>
        {GROUPS.map((group) => {
          const inGroup = features.filter((feature) => feature.group === group);
          if (inGroup.length === 0) return null;
          return (
            <div key={group} className={css.group}>
              {!folded && <p className={css.groupName}>{t(`shell.group.${group}`)}</p>}
              {inGroup.map(({ name, icon: Icon }) => (
                <a
                  key={name}
                  href={href(name)}
                  className={css.item}
                  aria-current={name === current ? "page" : undefined}
                  title={folded ? t(`shell.feature.${name}`) : undefined}
                  aria-label={t(`shell.feature.${name}`)}
                  data-testid={`nav-${name}`}
                >
                  <Icon />
                  {!folded && t(`shell.feature.${name}`)}
                  {name === "exceptions" && <Waiting />}
                </a>
              ))}
            </div>
          );
        })}
      </div>
      <IconButton
        label={folded ? t("shell.expand") : t("shell.collapse")}
        icon={folded ? <PanelLeftOpen /> : <PanelLeftClose />}
        onPress={() => onFold(!folded)}
      />
    </nav>
  );
}

const ASK_EVERY_MS = 60_000;

/** How much needs attention. */
function Waiting() {
  const count = useRead("exceptions.count", {}, { every: ASK_EVERY_MS });
  const open = count.data?.open ?? 0;
  if (open === 0) return null;
  return (
    <span className={css.count} data-testid="exceptions-count">
      {open > 99 ? "99+" : open}
    </span>
  );
}
