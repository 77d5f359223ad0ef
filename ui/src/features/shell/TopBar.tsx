import {
  ChevronDown,
  KeyRound,
  Languages,
  Lock,
  LogOut,
  Search,
  SunMoon,
  TriangleAlert,
  Users,
} from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Button, Dialog, Menu, type MenuEntry, Notes, Stack, useFormat } from "../../components";
import { useLanguage } from "../../parts/useLanguage";
import { useMay, useSeat } from "../../seat";
import { setTheme, theme } from "../../theme";
import { StateChip } from "./StateChip";
import css from "./TopBar.module.css";

const ChangePin = lazy(() => import("../users/ChangePin"));

const NEXT_THEME = { system: "light", light: "dark", dark: "system" } as const;

/** Where, when and who: in sight on every screen. */
export function TopBar(props: {
  onPalette: () => void;
  onLock: () => void;
  onSignOut: () => void;
}) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const setLanguage = useLanguage();
  const { name, place } = useSeat();
  const till = useRead("pos.state", {}, { enabled: useMay("pos:read") });
  const status = useRead("start.status", {});
  const [warned, setWarned] = useState(false);
  const [changingPin, setChangingPin] = useState(false);
  const warnings = status.data?.warnings ?? [];
  const date = till.data?.session?.business_date ?? till.data?.today;
  const entries: MenuEntry[] = [
    { id: "lock", label: t("shell.lock"), icon: <Lock />, run: props.onLock },
    { id: "switch-user", label: t("shell.switchUser"), icon: <Users />, run: props.onSignOut },
    {
      id: "change-pin",
      label: t("users.changePin"),
      icon: <KeyRound />,
      run: () => setChangingPin(true),
    },
    {
      id: "language",
      label: t("shell.language"),
      note: i18n.language === "id" ? "English" : "Bahasa Indonesia",
      icon: <Languages />,
      run: () => setLanguage(i18n.language === "id" ? "en" : "id"),
    },
    {
      id: "theme",
      label: t("shell.theme"),
      note: t(`shell.${NEXT_THEME[theme()]}`),
      icon: <SunMoon />,
      run: () => setTheme(NEXT_THEME[theme()]),
    },
    { id: "sign-out", label: t("shell.signOut"), icon: <LogOut />, run: props.onSignOut },
  ];
  return (
    <header className={css.bar}>
      <strong className={css.company}>{place.company.name}</strong>
      <dl className={css.facts}>
        <div>
          <dt>{t("common.branch")}</dt>
          <dd>{place.branch.name}</dd>
        </div>
        <div>
          <dt>{t("shell.terminal")}</dt>
          <dd>{place.terminal.name}</dd>
        </div>
        {date && (
          <div>
            <dt>{t("shell.businessDate")}</dt>
            <dd>{format.date(date)}</dd>
          </div>
        )}
      </dl>
      <div className={css.gap} />
      {warnings.length > 0 && (
        <Button size="small" tone="danger" icon={<TriangleAlert />} onPress={() => setWarned(true)}>
          {t("shell.warnings", { count: warnings.length })}
        </Button>
      )}
      <StateChip />
      <Button size="small" icon={<Search />} hint="Ctrl K" onPress={props.onPalette}>
        {t("shell.palette")}
      </Button>
      <Menu label={name} entries={entries}>
        <Button size="small" icon={<ChevronDown />} testId="user-menu">
          {name}
        </Button>
      </Menu>
      {changingPin && (
        <Suspense>
          <ChangePin onClose={() => setChangingPin(false)} />
        </Suspense>
      )}
      {warned && (
        <Dialog title={t("shell.warningsTitle")} onClose={() => setWarned(false)}>
          <Stack>
            <Notes said={warnings} />
          </Stack>
        </Dialog>
      )}
    </header>
  );
}
