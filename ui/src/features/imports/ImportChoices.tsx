import { useTranslation } from "react-i18next";
import type { ImportKind, Inspection } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Checkbox, Field, type Problem, Select, useSentence } from "../../components";
import css from "./Imports.module.css";
import type { Choices, Columns } from "./mapping";

const USUAL = "usual";
const AUTO = "auto";

interface ChoiceProps {
  choices: Choices;
  onChange: (part: Partial<Choices>) => void;
}

/** How the file is to be understood, as far as its kind and its columns ask. */
export function ImportChoices(
  props: ChoiceProps & {
    kind: ImportKind;
    inspection: Inspection;
    columns: Columns;
    problem: Problem | null;
  },
) {
  const { kind, inspection, columns, choices, problem, onChange } = props;
  const { t } = useTranslation();
  const sentence = useSentence();
  const reads = (reading: string) =>
    inspection.fields.some((field) => field.reading === reading && field.name in columns);
  return (
    <div className={css.choices}>
      {kind !== "sales" && (
        <Select
          label={t("imports.existing")}
          options={(["change", "leave_out", "refuse"] as const).map((id) => ({
            id,
            label: t(`imports.existingOptions.${id}`),
          }))}
          value={choices.existing}
          onChange={(existing) => onChange({ existing })}
          testId="import-existing"
        />
      )}
      {reads("number") && (
        <Select
          label={t("imports.decimal")}
          options={([AUTO, "point", "comma"] as const).map((id) => ({
            id,
            label: t(`imports.decimals.${id}`),
          }))}
          value={choices.decimal ?? AUTO}
          onChange={(id) => onChange({ decimal: id === AUTO ? null : id })}
          error={problem?.fields.decimal ? sentence(problem) : undefined}
          testId="import-decimal"
        />
      )}
      {reads("date") && (
        <Select
          label={t("imports.dates")}
          options={([AUTO, "day_first", "month_first"] as const).map((id) => ({
            id,
            label: t(`imports.datesOrder.${id}`),
          }))}
          value={choices.dates ?? AUTO}
          onChange={(id) => onChange({ dates: id === AUTO ? null : id })}
          error={problem?.fields.dates ? sentence(problem) : undefined}
        />
      )}
      {kind === "products" && <ProductChoices choices={choices} onChange={onChange} />}
      {kind === "sales" && <SalesChoices choices={choices} onChange={onChange} />}
      <Checkbox
        label={t("imports.leaveOutWrong")}
        value={choices.leaveOutWrong}
        onChange={(leaveOutWrong) => onChange({ leaveOutWrong })}
        testId="import-leave-out"
      />
    </div>
  );
}

function ProductChoices({ choices, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  const taxClasses = useRead("catalogue.tax_classes", {});
  const usable = (taxClasses.data?.tax_classes ?? []).filter((one) => !one.archived);
  return (
    <>
      <Select
        label={t("imports.taxClass")}
        options={[
          { id: USUAL, label: t("imports.taxDefault") },
          ...usable.map((one) => ({ id: one.tax_class_id ?? "", label: one.name })),
        ]}
        value={choices.taxClassId ?? USUAL}
        onChange={(id) => onChange({ taxClassId: id === USUAL ? null : id })}
      />
      <UnitField choices={choices} onChange={onChange} />
    </>
  );
}

function UnitField({ choices, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <Field
      name="unit"
      label={t("imports.unit")}
      placeholder="pcs"
      value={choices.unit}
      onChange={(unit) => onChange({ unit })}
    />
  );
}

function SalesChoices({ choices, onChange }: ChoiceProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field
        label={t("imports.sales.return_prefixes")}
        placeholder="C"
        value={choices.returnPrefixes}
        onChange={(returnPrefixes) => onChange({ returnPrefixes })}
      />
      <Field
        label={t("imports.sales.service_codes")}
        placeholder="POST, FEE"
        value={choices.serviceCodes}
        onChange={(serviceCodes) => onChange({ serviceCodes })}
      />
      <UnitField choices={choices} onChange={onChange} />
      <Checkbox
        label={t("imports.sales.moves_stock")}
        value={choices.movesStock}
        onChange={(movesStock) => onChange({ movesStock })}
      />
      <Checkbox
        label={t("imports.sales.sets_prices")}
        value={choices.setsPrices}
        onChange={(setsPrices) => onChange({ setsPrices })}
      />
    </>
  );
}
