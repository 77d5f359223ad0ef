import { useTranslation } from "react-i18next";
import { type Problem, QtyField, Select, UnitPriceField } from "../../components";
import { newPrice } from "./draft";
import { RowList, usePartProblem } from "./RowList";
import { changed, unitOptions, without } from "./rows";
import type { Form } from "./useEditor";

/** The prices of the default list: for each unit, and from larger quantities on. */
export function Prices(props: { form: Form; problem: Problem | null; isMissing: boolean }) {
  const { form, problem, isMissing } = props;
  const { draft, change, isFixed } = form;
  const { t } = useTranslation();
  const said = usePartProblem(problem, "prices");
  const units = unitOptions(draft);
  return (
    <RowList
      title={t("products.prices")}
      help={t("products.pricesHelp")}
      emptyText={t("products.pricesNone")}
      columns="minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.4fr)"
      headings={[t("common.unit"), t("products.fromQty"), t("common.price")]}
      rows={draft.prices}
      addLabel={t("products.add.price")}
      onAdd={() => change({ prices: [...draft.prices, newPrice()] })}
      onRemove={({ key }) => change({ prices: without(draft.prices, key) })}
      nameOf={(row) => `${t("common.price")} ${units.find(({ id }) => id === row.unit)?.label}`}
      isFixed={isFixed}
      problem={said ?? (isMissing ? t("products.everyRow") : null)}
      testId="product-prices"
      cells={(row, index) => (
        <>
          <Select
            label={`${t("common.unit")} ${index + 1}`}
            labelHidden
            options={units}
            value={row.unit}
            onChange={(unit) => change({ prices: changed(draft.prices, row.key, { unit }) })}
            isDisabled={isFixed}
          />
          <QtyField
            label={`${t("products.fromQty")} ${index + 1}`}
            labelHidden
            value={row.min_qty}
            onChange={(min_qty) => change({ prices: changed(draft.prices, row.key, { min_qty }) })}
            isReadOnly={isFixed}
          />
          <UnitPriceField
            label={`${t("common.price")} ${index + 1}`}
            labelHidden
            value={row.unit_price}
            onChange={(unit_price) =>
              change({ prices: changed(draft.prices, row.key, { unit_price }) })
            }
            isReadOnly={isFixed}
            testId={`product-price-${index + 1}`}
          />
        </>
      )}
    />
  );
}
