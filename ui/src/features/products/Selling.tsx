import { useTranslation } from "react-i18next";
import type { Restriction } from "../../api/bindings";
import { Checkbox, Section, Select, UnitPriceField } from "../../components";
import css from "./Products.module.css";
import type { Form } from "./useEditor";

const NONE = "none";
const RESTRICTIONS = [NONE, "age", "licence", "prescription"] as const;

/** What the till does with it, what it costs, and how low its price may go. */
export function Selling({ form }: { form: Form }) {
  const { draft, change, isFixed } = form;
  const { t } = useTranslation();
  return (
    <Section title={t("products.selling")}>
      <div className={css.fields}>
        <Select
          name="kind"
          label={t("products.kind")}
          options={(["goods", "service"] as const).map((id) => ({
            id,
            label: t(`products.kinds.${id}`),
          }))}
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          isDisabled={isFixed}
        />
        <Select<Restriction | typeof NONE>
          name="restriction"
          label={t("products.restriction")}
          options={RESTRICTIONS.map((id) => ({
            id,
            label: t(`products.restrictions.${id}`),
          }))}
          value={draft.restriction ?? NONE}
          onChange={(id) => change({ restriction: id === NONE ? null : id })}
          isDisabled={isFixed}
        />
        <UnitPriceField
          name="last_cost"
          label={t("products.cost")}
          help={t("products.costHelp")}
          value={draft.last_cost}
          onChange={(last_cost) => change({ last_cost })}
          isReadOnly={isFixed}
          testId="product-cost"
        />
        <UnitPriceField
          name="price_floor"
          label={t("products.floor")}
          help={t("products.floorHelp")}
          value={draft.price_floor}
          onChange={(price_floor) => change({ price_floor })}
          isReadOnly={isFixed}
        />
        <Checkbox
          label={t("products.weighed")}
          value={draft.weighed}
          onChange={(weighed) => change({ weighed })}
          isDisabled={isFixed}
        />
        <Checkbox
          name="serial_tracked"
          label={t("products.serialTracked")}
          value={draft.serial_tracked}
          onChange={(serial_tracked) => change({ serial_tracked })}
          isDisabled={isFixed}
          testId="product-serials"
        />
      </div>
    </Section>
  );
}
