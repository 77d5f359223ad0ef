import { useTranslation } from "react-i18next";
import type {
  CashRoundingChoice,
  NegativeStock,
  TillPolicy as Policy,
  TaxRoundingChoice,
} from "../../api/bindings";
import { useRead } from "../../api/call";
import { Checkbox, Loaded, MoneyField, Select } from "../../components";
import { Wide } from "../../parts/FieldSet";
import { type Draft, SettingsForm } from "../../parts/SettingsForm";
import { WholeField } from "../../parts/WholeField";

type Days =
  | "return_days"
  | "lowest_price_days"
  | "held_days"
  | "free_line_voids"
  | "idle_lock_minutes";

const REQUIRED: Days[] = [
  "return_days",
  "lowest_price_days",
  "held_days",
  "free_line_voids",
  "idle_lock_minutes",
];

interface Part {
  value: Draft<Policy>;
  set: (change: Partial<Draft<Policy>>) => void;
}

/** How the till behaves. */
export default function TillPolicy() {
  const { t } = useTranslation();
  const company = useRead("company.get", {});
  return (
    <Loaded query={company}>
      {({ settings }) => (
        <SettingsForm
          section="till"
          title={t("settings.pages.policy")}
          lead={t("settings.policy.lead")}
          given={settings.till}
          required={["cash_step", ...REQUIRED]}
          fields={["cash_step", "cash_refund_limit", ...REQUIRED]}
        >
          {(value, set) => (
            <>
              <Rounding value={value} set={set} />
              <Limits value={value} set={set} />
            </>
          )}
        </SettingsForm>
      )}
    </Loaded>
  );
}

function Rounding({ value, set }: Part) {
  const { t } = useTranslation();
  const cash: CashRoundingChoice[] = ["nearest", "up", "down"];
  const tax: TaxRoundingChoice[] = ["line", "document"];
  return (
    <>
      <MoneyField
        name="cash_step"
        label={t("settings.policy.cash_step")}
        help={t("settings.policy.cashStepHelp")}
        value={value.cash_step}
        onChange={(cash_step) => set({ cash_step })}
        testId="policy-cash-step"
      />
      <Select
        label={t("settings.policy.cashRounding")}
        options={cash.map((id) => ({ id, label: t(`settings.policy.cashRoundings.${id}`) }))}
        value={value.cash_rounding}
        onChange={(cash_rounding) => set({ cash_rounding })}
      />
      <Select
        label={t("settings.policy.taxRounding")}
        options={tax.map((id) => ({ id, label: t(`settings.policy.taxRoundings.${id}`) }))}
        value={value.tax_rounding}
        onChange={(tax_rounding) => set({ tax_rounding })}
      />
    </>
  );
}

function Limits({ value, set }: Part) {
  const { t } = useTranslation();
  const stock: NegativeStock[] = ["warn", "approve", "refuse"];
  const whole = (name: Days, unit: string, help?: string) => (
    <WholeField
      name={name}
      label={t(`settings.policy.${name}`)}
      value={value[name]}
      onChange={(next) => set({ [name]: next })}
      unit={unit}
      {...(help ? { help } : {})}
    />
  );
  const limited = value.cash_refund_limit !== null;
  return (
    <>
      <Select
        label={t("settings.policy.negativeStock")}
        options={stock.map((id) => ({ id, label: t(`settings.policy.negativeStocks.${id}`) }))}
        value={value.negative_stock}
        onChange={(negative_stock) => set({ negative_stock })}
      />
      {whole("return_days", t("office.days"), t("settings.policy.returnDaysHelp"))}
      {whole("lowest_price_days", t("office.days"), t("settings.policy.lowestPriceHelp"))}
      {whole("free_line_voids", t("office.times"), t("settings.policy.lineVoidsHelp"))}
      {whole("held_days", t("office.days"))}
      {whole("idle_lock_minutes", t("office.minutes"), t("settings.policy.idleLockHelp"))}
      <Wide>
        <Checkbox
          label={t("settings.policy.limitCashRefund")}
          value={limited}
          onChange={(on) => set({ cash_refund_limit: on ? 0 : null })}
        />
        {limited && (
          <MoneyField
            name="cash_refund_limit"
            label={t("settings.policy.cashRefundLimit")}
            help={t("settings.policy.cashRefundHelp")}
            value={value.cash_refund_limit}
            onChange={(limit) => set({ cash_refund_limit: limit ?? 0 })}
          />
        )}
      </Wide>
    </>
  );
}
