import { useTranslation } from "react-i18next";
import { Field, type Problem, QtyField } from "../../components";
import { newUnit, withoutUnit } from "./draft";
import { RowList, usePartProblem } from "./RowList";
import { changed } from "./rows";
import type { Form } from "./useEditor";

/** Larger packs. What a pack contains is fixed once it is saved: past documents count in it. */
export function Units(props: { form: Form; problem: Problem | null; isMissing: boolean }) {
  const { form, problem, isMissing } = props;
  const { draft, change, isFixed } = form;
  const { t } = useTranslation();
  const said = usePartProblem(problem, "units");
  return (
    <RowList
      title={t("products.units")}
      help={t("products.unitsHelp")}
      emptyText={t("products.unitsNone", { unit: draft.base_unit || "–" })}
      columns="minmax(0, 1fr) minmax(0, 1fr)"
      headings={[t("products.unitName"), t("products.factor")]}
      rows={draft.units}
      addLabel={t("products.add.unit")}
      onAdd={() => change({ units: [...draft.units, newUnit()] })}
      onRemove={({ key }) => change(withoutUnit(draft, key))}
      nameOf={(row) => row.unit}
      isFixed={isFixed}
      problem={said ?? (isMissing ? t("products.everyRow") : null)}
      testId="product-units"
      cells={(row, index) => (
        <>
          <Field
            label={`${t("products.unitName")} ${index + 1}`}
            labelHidden
            value={row.unit}
            onChange={(unit) => change({ units: changed(draft.units, row.key, { unit }) })}
            isReadOnly={isFixed}
            testId={`product-unit-${index + 1}`}
          />
          <QtyField
            label={`${t("products.factorOf", { unit: draft.base_unit })} ${index + 1}`}
            labelHidden
            unit={draft.base_unit}
            value={row.factor}
            onChange={(factor) => change({ units: changed(draft.units, row.key, { factor }) })}
            isReadOnly={isFixed}
            isDisabled={row.product_unit_id !== null}
            testId={`product-factor-${index + 1}`}
          />
        </>
      )}
    />
  );
}
