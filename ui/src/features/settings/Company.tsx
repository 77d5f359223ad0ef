import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CompanyDetails, CompanyView } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  Banner,
  Button,
  Facts,
  Field,
  Form,
  Loaded,
  Section,
  Select,
  TextArea,
  useToast,
} from "../../components";
import { FieldSet, Wide } from "../../parts/FieldSet";
import { useSaveKey } from "../../parts/useSaveKey";
import { useMay } from "../../seat";
import { LANGUAGES, type Language } from "../../text";
import css from "./Settings.module.css";

/** How the company presents itself: on its papers and on this screen. */
export function Company() {
  const company = useRead("company.get", {});
  return <Loaded query={company}>{(view) => <CompanyForm view={view} />}</Loaded>;
}

function CompanyForm({ view }: { view: CompanyView }) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const mayEdit = useMay("settings:edit");
  const [given, setGiven] = useState<CompanyDetails>(view.company);
  const save = useWrite("company.save");
  const bind = (name: keyof CompanyDetails) => ({
    name,
    value: given[name],
    onChange: (value: string) => setGiven((now) => ({ ...now, [name]: value })),
  });
  const submit = () => {
    if (!mayEdit || save.isPending) return;
    save.mutate(given, {
      onSuccess: () => {
        toast.say(t("common.saved"));
        // Its name stands in the bar above every screen.
        void client.invalidateQueries({ queryKey: ["users.me"] });
      },
    });
  };
  useSaveKey(submit);
  return (
    <Section title={t("settings.pages.company")}>
      {!mayEdit && <Banner tone="calm">{t("office.onlyLook")}</Banner>}
      <Form onSubmit={submit} problem={save.error}>
        <FieldSet isShut={!mayEdit}>
          <Field
            {...bind("name")}
            label={t("start.companyName")}
            isRequired
            testId="company-name"
          />
          <Field {...bind("legal_name")} label={t("start.legalName")} />
          <Field {...bind("tax_number")} label={t("start.taxNumber")} />
          <Field {...bind("phone")} label={t("start.phone")} />
          <Field {...bind("email")} label={t("start.email")} inputMode="email" />
          <Wide>
            <TextArea {...bind("address")} label={t("start.address")} rows={2} />
          </Wide>
          <Select
            label={t("settings.company.language")}
            help={t("settings.company.languageHelp")}
            name="language"
            options={LANGUAGES}
            value={given.language as Language}
            onChange={(language) => setGiven((now) => ({ ...now, language }))}
          />
          <Field
            {...bind("time_zone")}
            label={t("settings.company.timeZone")}
            help={t("settings.company.timeZoneHelp")}
          />
        </FieldSet>
        <Facts
          facts={[
            { term: t("start.country"), value: view.country },
            { term: t("settings.company.currency"), value: view.currency },
            { term: t("common.branch"), value: `${view.branch.code} · ${view.branch.name}` },
            { term: t("shell.terminal"), value: `${view.terminal.series} · ${view.terminal.name}` },
          ]}
        />
        {mayEdit && (
          <div className={css.foot}>
            <Button type="submit" tone="accent" isPending={save.isPending} testId="settings-save">
              {t("common.save")}
            </Button>
          </div>
        )}
      </Form>
    </Section>
  );
}
