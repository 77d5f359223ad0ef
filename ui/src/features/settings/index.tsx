import { type ComponentType, lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Page, Skeleton } from "../../components";
import { href, useRoute } from "../../router";
import { grants, useSeat } from "../../seat";
import type { en } from "../../text/en";
import { Company } from "./Company";
import css from "./Settings.module.css";

type PageName = keyof (typeof en)["settings"]["pages"];
type GroupName = keyof (typeof en)["settings"]["groups"];

interface SettingsPage {
  id: PageName;
  group: GroupName;
  /** What its content asks for, besides seeing the settings. */
  needs?: string;
  screen: ComponentType;
}

const GROUPS: GroupName[] = ["shop", "till", "goods", "machine"];

const PAGES: SettingsPage[] = [
  { id: "company", group: "shop", screen: Company },
  { id: "places", group: "shop", screen: lazy(() => import("./Places")) },
  { id: "policy", group: "till", screen: lazy(() => import("./TillPolicy")) },
  { id: "receipt", group: "till", screen: lazy(() => import("./ReceiptTexts")) },
  {
    id: "reasons",
    group: "till",
    needs: "catalogue:read",
    screen: lazy(() => import("./Reasons")),
  },
  {
    id: "tax",
    group: "goods",
    needs: "catalogue:read",
    screen: lazy(() => import("./TaxClasses")),
  },
  {
    id: "price-lists",
    group: "goods",
    needs: "catalogue:read",
    screen: lazy(() => import("./PriceLists")),
  },
  {
    id: "categories",
    group: "goods",
    needs: "catalogue:read",
    screen: lazy(() => import("./Categories")),
  },
  {
    id: "barcodes",
    group: "goods",
    needs: "catalogue:read",
    screen: lazy(() => import("./BarcodeRules")),
  },
  {
    id: "centre",
    group: "machine",
    needs: "sync:read",
    screen: lazy(() => import("./Centre")),
  },
  { id: "printers", group: "machine", needs: "pos:read", screen: lazy(() => import("./Printers")) },
  { id: "scanner", group: "machine", screen: lazy(() => import("./Scanner")) },
  { id: "appearance", group: "machine", screen: lazy(() => import("./Appearance")) },
];

/** Everything that can be set: one page each, named in the address. */
export default function Settings() {
  const { t } = useTranslation();
  const { path } = useRoute();
  const { permissions } = useSeat();
  const allowed = PAGES.filter(({ needs }) => !needs || grants(permissions, needs));
  const current = allowed.find(({ id }) => id === path[1]) ?? allowed[0];
  const Screen = current?.screen;
  return (
    <Page title={t("settings.title")} flush>
      <div className={css.frame}>
        <nav className={css.nav} aria-label={t("settings.title")}>
          {GROUPS.map((group) => (
            <div key={group} className={css.group}>
              <p className={css.groupName}>{t(`settings.groups.${group}`)}</p>
              {allowed
                .filter((page) => page.group === group)
                .map(({ id }) => (
                  <a
                    key={id}
                    href={href("settings", id)}
                    className={css.item}
                    aria-current={id === current?.id ? "page" : undefined}
                    data-testid={`settings-${id}`}
                  >
                    {t(`settings.pages.${id}`)}
                  </a>
                ))}
            </div>
          ))}
        </nav>
        <div className={css.content}>
          <Suspense fallback={<Skeleton />}>{Screen && <Screen key={current.id} />}</Suspense>
        </div>
      </div>
    </Page>
  );
}
