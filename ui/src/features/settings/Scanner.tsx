import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Banner, Button, Field, Form, Loaded, Section } from "../../components";
import { asScanner, type Scanner as Kept, SCANNER_SETTING } from "../../input/scannerSetting";
import { useScanner } from "../../input/useScanner";
import { FieldSet } from "../../parts/FieldSet";
import { useSave } from "../../parts/useSave";
import { useMay } from "../../seat";
import css from "./Settings.module.css";

/** What this machine's scanner sends around a code, and a place to try it. */
export default function Scanner() {
  const setting = useRead("machine.setting", { key: SCANNER_SETTING });
  return <Loaded query={setting}>{({ value }) => <ScannerForm given={asScanner(value)} />}</Loaded>;
}

function ScannerForm({ given }: { given: Kept }) {
  const { t } = useTranslation();
  const mayEdit = useMay("pos:session");
  const [value, setValue] = useState(given);
  const [scanned, setScanned] = useState<string | null>(null);
  const { save, saving } = useSave("machine.save_setting", () => undefined);
  useScanner({ onScan: setScanned, settings: value });
  return (
    <Section title={t("settings.pages.scanner")}>
      <p className={css.lead}>{t("settings.scanner.lead")}</p>
      {!mayEdit && <Banner tone="calm">{t("office.onlyLook")}</Banner>}
      <Form
        problem={saving.problem}
        onSubmit={() => mayEdit && save({ key: SCANNER_SETTING, value })}
      >
        <FieldSet isShut={!mayEdit}>
          <Field
            name="prefix"
            label={t("settings.scanner.prefix")}
            help={t("settings.scanner.aroundHelp")}
            value={value.prefix}
            onChange={(prefix) => setValue((now) => ({ ...now, prefix }))}
          />
          <Field
            name="suffix"
            label={t("settings.scanner.suffix")}
            value={value.suffix}
            onChange={(suffix) => setValue((now) => ({ ...now, suffix }))}
          />
        </FieldSet>
        <Banner tone="calm">
          {scanned === null
            ? t("settings.scanner.tryHelp")
            : t("settings.scanner.heard", { code: scanned })}
        </Banner>
        {mayEdit && (
          <div className={css.foot}>
            <Button type="submit" tone="accent" isPending={saving.isPending} testId="settings-save">
              {t("common.save")}
            </Button>
          </div>
        )}
      </Form>
    </Section>
  );
}
