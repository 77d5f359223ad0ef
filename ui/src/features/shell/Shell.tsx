import { Lock } from "lucide-react";
import { Suspense, useEffect, useEffectEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  CommandPalette,
  CurrencyContext,
  EmptyState,
  type PaletteEntry,
  Skeleton,
} from "../../components";
import { FEATURES, here } from "../../features";
import { asScanner, SCANNER_SETTING } from "../../input/scannerSetting";
import { ScannerContext } from "../../input/useScanner";
import { useLanguage } from "../../parts/useLanguage";
import { navigate, useRoute } from "../../router";
import { grants, SeatContext } from "../../seat";
import { setTheme } from "../../theme";
import { ApprovalProvider } from "./Approval";
import { Navigation } from "./Navigation";
import css from "./Shell.module.css";
import { TopBar } from "./TopBar";
import { useIdle } from "./useIdle";

/** The frame around every screen of a signed-in person. */
export function Shell({ me }: { me: Me }) {
  const { path } = useRoute();
  const [folded, setFolded] = useState<boolean | null>(null);
  const [palette, setPalette] = useState(false);
  const lock = useWrite("users.lock");
  const signOut = useWrite("users.sign_out");
  const scanner = useRead("machine.setting", { key: SCANNER_SETTING });
  const allowed = here().filter((feature) => grants(me.permissions, feature.needs));
  const current = path[0] ?? allowed[0]?.name ?? "";
  const feature = allowed.find(({ name }) => name === current);

  useIdle(me.place.settings.till.idle_lock_minutes, () => lock.mutate({}));
  useKey("k", () => setPalette(true));

  const Screen = feature?.screen;
  return (
    <SeatContext value={me}>
      <CurrencyContext value={{ code: me.place.currency, digits: me.place.currency_digits }}>
        <ApprovalProvider>
          <div className={css.shell}>
            <TopBar
              onPalette={() => setPalette(true)}
              onLock={() => lock.mutate({})}
              onSignOut={() => signOut.mutate({})}
            />
            <div className={css.middle}>
              <Navigation
                features={allowed}
                current={current}
                folded={folded ?? current === "till"}
                onFold={setFolded}
              />
              <main className={css.main}>
                <ScannerContext value={asScanner(scanner.data?.value)}>
                  <Suspense fallback={<Skeleton rows={8} />}>
                    {Screen ? <Screen key={current} /> : <NoScreen name={current} />}
                  </Suspense>
                </ScannerContext>
              </main>
            </div>
          </div>
          {palette && (
            <Palette
              allowed={allowed.map(({ name, group }) => ({ name, group }))}
              onLock={() => lock.mutate({})}
              onSignOut={() => signOut.mutate({})}
              onClose={() => setPalette(false)}
            />
          )}
        </ApprovalProvider>
      </CurrencyContext>
    </SeatContext>
  );
}

function NoScreen({ name }: { name: string }) {
  const { t } = useTranslation();
  const exists = FEATURES.some((feature) => feature.name === name);
  return exists ? (
    <EmptyState title={t("shell.notAllowed")} icon={<Lock />}>
      {t("shell.notAllowedHelp")}
    </EmptyState>
  ) : (
    <EmptyState title={t("shell.notThere")}>{t("shell.notThereHelp")}</EmptyState>
  );
}

function Palette(props: {
  allowed: Pick<(typeof FEATURES)[number], "name" | "group">[];
  onLock: () => void;
  onSignOut: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const setLanguage = useLanguage();
  const entries: PaletteEntry[] = [
    ...props.allowed.map(({ name, group }) => ({
      id: name,
      title: t(`shell.feature.${name}`),
      group: t(`shell.group.${group}`),
      run: () => navigate(name),
    })),
    ...(["light", "dark", "system"] as const).map((theme) => ({
      id: `theme-${theme}`,
      title: `${t("shell.theme")}: ${t(`shell.${theme}`)}`,
      group: t("shell.theme"),
      run: () => setTheme(theme),
    })),
    { id: "en", title: "English", group: t("shell.language"), run: () => setLanguage("en") },
    {
      id: "id",
      title: "Bahasa Indonesia",
      group: t("shell.language"),
      run: () => setLanguage("id"),
    },
    { id: "lock", title: t("shell.lock"), group: t("common.user"), run: props.onLock },
    {
      id: "switch",
      title: t("shell.switchUser"),
      group: t("common.user"),
      words: t("shell.signOut"),
      run: props.onSignOut,
    },
  ];
  return <CommandPalette entries={entries} onClose={props.onClose} />;
}

/** Control (or Command) and a letter, anywhere in the shell. */
function useKey(letter: string, act: () => void) {
  const run = useEffectEvent(act);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== letter || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [letter]);
}
