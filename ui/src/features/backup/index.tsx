import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Checkbox, Field, Loaded, Page } from "../../components";
import { Wide } from "../../parts/FieldSet";
import { SettingsForm } from "../../parts/SettingsForm";
import { SupportBundle } from "../../parts/SupportBundle";
import { WholeField } from "../../parts/WholeField";
import { useMay } from "../../seat";
import { BackupList } from "./BackupList";
import { Check } from "./Check";
import { Move } from "./Move";
import { RecoveryKey } from "./RecoveryKey";
import { Rescue } from "./Rescue";

/** Copies of the data, and whether the data is right. */
export default function Backup() {
  const { t } = useTranslation();
  const mayMove = useMay("system:admin");
  return (
    <Page title={t("backup.title")}>
      <BackupList />
      <RecoveryKey />
      <Check />
      <Policy />
      <SupportBundle />
      {mayMove && <Move />}
      <Rescue />
    </Page>
  );
}

/** When backups are made by themselves, and where a second copy goes. */
function Policy() {
  const { t } = useTranslation();
  const company = useRead("company.get", {});
  return (
    <Loaded query={company} rows={3}>
      {({ settings }) => (
        <SettingsForm
          section="backup"
          title={t("backup.policy")}
          lead={t("backup.policyLead")}
          given={settings.backup}
          required={["every_hours"]}
          fields={["every_hours", "second_folder"]}
        >
          {(value, set) => (
            <>
              <WholeField
                name="every_hours"
                label={t("backup.every")}
                help={t("backup.everyHelp")}
                value={value.every_hours}
                onChange={(every_hours) => set({ every_hours })}
              />
              <Field
                name="second_folder"
                label={t("backup.second")}
                help={t("backup.secondHelp")}
                value={value.second_folder ?? ""}
                onChange={(folder) => set({ second_folder: folder === "" ? null : folder })}
              />
              <Wide>
                <Checkbox
                  label={t("backup.atClose")}
                  value={value.at_session_close ?? false}
                  onChange={(at_session_close) => set({ at_session_close })}
                />
              </Wide>
            </>
          )}
        </SettingsForm>
      )}
    </Loaded>
  );
}
