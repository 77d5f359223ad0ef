import { useTranslation } from "react-i18next";
import type { Limits } from "../../api/bindings";
import { Checkbox, MoneyField, RateField } from "../../components";
import {
  isMoneyWithoutLimit,
  isRateWithoutLimit,
  MONEY_WITHOUT_LIMIT,
  RATE_WITHOUT_LIMIT,
  WHOLE,
} from "./limits";
import css from "./Users.module.css";

/** Limits while they are typed: a figure may be missing for a moment. */
export type DraftLimits = { [K in keyof Limits]: Limits[K] | null };

/** The limits once none is missing. */
export function wholeLimits(draft: DraftLimits): Limits | null {
  const { max_discount, max_price_override, max_refund, over_short_threshold } = draft;
  if (max_discount === null || max_price_override === null) return null;
  if (max_refund === null || over_short_threshold === null) return null;
  return { max_discount, max_price_override, max_refund, over_short_threshold };
}

type OfMoney = "max_refund" | "over_short_threshold";

/** How far a person of this role goes without asking a manager. */
export function RoleLimits(props: { value: DraftLimits; onChange: (value: DraftLimits) => void }) {
  const { value, onChange } = props;
  const { t } = useTranslation();
  const set = (change: Partial<DraftLimits>) => onChange({ ...value, ...change });
  const free = value.max_price_override !== null && isRateWithoutLimit(value.max_price_override);
  const money = (name: OfMoney) => {
    const amount = value[name];
    const without = amount !== null && isMoneyWithoutLimit(amount);
    return (
      <div className={css.one}>
        {!without && (
          <MoneyField
            name={name}
            label={t(`users.limit.${name}`)}
            value={amount}
            onChange={(next) => set({ [name]: next })}
            testId={`limit-${name}`}
          />
        )}
        {without && <span className={css.soft}>{t(`users.limit.${name}`)}</span>}
        <Checkbox
          label={t("office.noLimit")}
          value={without}
          onChange={(on) => set({ [name]: on ? MONEY_WITHOUT_LIMIT : 0 })}
        />
      </div>
    );
  };
  return (
    <div className={css.limits}>
      <div className={css.one}>
        <RateField
          name="max_discount"
          label={t("users.limit.max_discount")}
          value={value.max_discount}
          onChange={(max_discount) => set({ max_discount })}
          testId="limit-max_discount"
        />
      </div>
      <div className={css.one}>
        {free ? (
          <span className={css.soft}>{t("users.limit.max_price_override")}</span>
        ) : (
          <RateField
            name="max_price_override"
            label={t("users.limit.max_price_override")}
            value={value.max_price_override}
            onChange={(max_price_override) => set({ max_price_override })}
          />
        )}
        <Checkbox
          label={t("office.noLimit")}
          value={free}
          onChange={(on) => set({ max_price_override: on ? RATE_WITHOUT_LIMIT : WHOLE })}
        />
      </div>
      {money("max_refund")}
      {money("over_short_threshold")}
    </div>
  );
}
