import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NewCompany } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Button, Field, Form, Row, Section, Select, Welcome } from "../../components";
import css from "./Start.module.css";

const COUNTRIES = ["ID", "IN", "KE", "UG", "GB", "other"] as const;
type Country = (typeof COUNTRIES)[number];

type Group = Exclude<keyof NewCompany, "chart">;

const NEW: Omit<NewCompany, "chart"> = {
  company: {
    name: "",
    legal_name: "",
    country: "ID",
    currency: null,
    language: null,
    time_zone: null,
    tax_number: "",
    address: "",
    phone: "",
    email: "",
  },
  branch: { code: "", name: "" },
  terminal: { series: "T1", name: "" },
  owner: { username: "", name: "", pin: "" },
};

/** One page: the company, its first branch and till, and its owner. */
export function CreateCompany({ onBack }: { onBack: () => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState(NEW);
  const [country, setCountry] = useState<Country>("ID");
  const [again, setAgain] = useState("");
  const create = useWrite("start.create");
  const differs = again !== "" && again !== given.owner.pin;

  /** A field of the form: its value, and what a change does to it. */
  const bind = <G extends Group>(group: G, key: keyof (typeof NEW)[G] & string) => ({
    name: key,
    value: String(given[group][key] ?? ""),
    onChange: (value: string) =>
      setGiven((now) => ({ ...now, [group]: { ...now[group], [key]: value } })),
  });
  const chooseCountry = (next: Country) => {
    setCountry(next);
    const code = next === "other" ? "" : next;
    setGiven((now) => ({ ...now, company: { ...now.company, country: code } }));
  };
  const submit = () => {
    if (differs || again === "" || create.isPending) return;
    const currency = given.company.currency?.trim().toUpperCase() || null;
    create.mutate({ ...given, company: { ...given.company, currency }, chart: "retail" });
  };

  return (
    <Welcome>
      <div className={css.form}>
        <h1 className={css.title}>{t("start.create")}</h1>
        <Form onSubmit={submit} problem={create.error}>
          <Section title={t("start.company")}>
            <div className={css.fields}>
              <Field
                {...bind("company", "name")}
                label={t("start.companyName")}
                isRequired
                autoFocus
              />
              <Field {...bind("company", "legal_name")} label={t("start.legalName")} />
              <Select
                label={t("start.country")}
                options={COUNTRIES.map((id) => ({ id, label: t(`start.countries.${id}`) }))}
                value={country}
                onChange={chooseCountry}
              />
              {country === "other" && (
                <Field {...bind("company", "country")} label={t("start.countryCode")} isRequired />
              )}
              <Field
                {...bind("company", "currency")}
                label={t("start.currency")}
                help={t("start.currencyHelp")}
              />
              <Field {...bind("company", "tax_number")} label={t("start.taxNumber")} />
              <Field {...bind("company", "address")} label={t("start.address")} />
              <Field {...bind("company", "phone")} label={t("start.phone")} />
              <Field {...bind("company", "email")} label={t("start.email")} />
            </div>
          </Section>
          <Section title={t("start.till")}>
            <div className={css.fields}>
              <Field
                {...bind("branch", "code")}
                label={t("start.branchCode")}
                help={t("start.branchCodeHelp")}
                isRequired
              />
              <Field
                {...bind("branch", "name")}
                name="branch_name"
                label={t("start.branchName")}
                isRequired
              />
              <Field
                {...bind("terminal", "series")}
                label={t("start.terminalSeries")}
                help={t("start.terminalSeriesHelp")}
                isRequired
              />
              <Field
                {...bind("terminal", "name")}
                name="terminal_name"
                label={t("start.terminalName")}
                isRequired
              />
            </div>
          </Section>
          <Section title={t("start.owner")}>
            <div className={css.fields}>
              <Field
                {...bind("owner", "name")}
                name="owner_name"
                label={t("start.ownerName")}
                isRequired
              />
              <Field {...bind("owner", "username")} label={t("start.ownerUsername")} isRequired />
              <Field
                {...bind("owner", "pin")}
                label={t("start.ownerPin")}
                help={t("start.ownerPinHelp")}
                type="password"
                inputMode="numeric"
                isRequired
              />
              <Field
                label={t("start.ownerPin2")}
                type="password"
                inputMode="numeric"
                value={again}
                onChange={setAgain}
                error={differs ? t("start.pinDiffers") : undefined}
                isRequired
              />
            </div>
          </Section>
          <Row end>
            <Button size="large" onPress={onBack}>
              {t("common.back")}
            </Button>
            <Button
              type="submit"
              tone="accent"
              size="large"
              isPending={create.isPending}
              testId="start-begin"
            >
              {t("start.begin")}
            </Button>
          </Row>
        </Form>
      </div>
    </Welcome>
  );
}
