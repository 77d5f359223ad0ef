import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Checkbox, Field, MoneyField, Section, Select } from "../../components";
import css from "./Customers.module.css";
import type { CustomerFormState } from "./useCustomerForm";

const NONE = "none";
const group = (name: string) => `group:${name}`;
const DAYS_MAX = 4;

/** By which prices they buy, and how much they may owe for how long. */
export function CreditFields({ form, isFixed }: { form: CustomerFormState; isFixed: boolean }) {
  const { draft, change } = form;
  const { t } = useTranslation();
  const groups = useRead("customers.groups", {});
  const lists = useRead("catalogue.price_lists", {});
  const usable = (lists.data?.price_lists ?? []).filter((one) => !one.archived);
  const known = groups.data?.groups ?? [];
  return (
    <Section title={t("customers.credit")}>
      <div className={css.fields}>
        <Select
          name="customer_group"
          label={t("customers.group")}
          options={[
            { id: NONE, label: t("customers.groupNone") },
            ...known.map(({ name }) => ({ id: group(name), label: name })),
          ]}
          value={draft.customer_group ? group(draft.customer_group) : NONE}
          onChange={(id) =>
            change({ customer_group: id === NONE ? "" : id.slice(group("").length) })
          }
          help={t("customers.groupHelp")}
          isDisabled={isFixed}
        />
        <Select
          name="price_list_id"
          label={t("customers.priceList")}
          options={[
            { id: NONE, label: t("customers.listOfGroup") },
            ...usable.map((one) => ({ id: one.price_list_id ?? "", label: one.name })),
          ]}
          value={draft.price_list_id ?? NONE}
          onChange={(id) => change({ price_list_id: id === NONE ? null : id })}
          isDisabled={isFixed}
        />
        <MoneyField
          name="credit_limit"
          label={t("customers.creditLimit")}
          help={t("customers.creditLimitHelp")}
          value={draft.credit_limit}
          onChange={(credit_limit) => change({ credit_limit: credit_limit ?? 0 })}
          isReadOnly={isFixed}
          testId="customer-limit"
        />
        <Field
          name="terms_days"
          label={t("customers.terms")}
          numeric
          inputMode="numeric"
          value={String(draft.terms_days)}
          onChange={(typed) => {
            const digits = typed.replace(/\D/g, "").slice(0, DAYS_MAX);
            change({ terms_days: Number.parseInt(digits || "0", 10) });
          }}
          isReadOnly={isFixed}
        />
        <Checkbox
          label={t("customers.blocked")}
          value={draft.blocked}
          onChange={(blocked) => change({ blocked })}
          isDisabled={isFixed}
          testId="customer-blocked"
        />
      </div>
    </Section>
  );
}
