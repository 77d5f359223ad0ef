import { useTranslation } from "react-i18next";
import { Field, type Problem, UnitPriceField } from "../../components";
import { newVariant } from "./draft";
import { RowList, usePartProblem } from "./RowList";
import { changed, without } from "./rows";
import type { Form } from "./useEditor";

/** Colours, sizes, flavours: products of their own at the till, one product here. */
export function Variants(props: { form: Form; problem: Problem | null; isMissing: boolean }) {
  const { form, problem, isMissing } = props;
  const { draft, change, isFixed } = form;
  const { t } = useTranslation();
  const said = usePartProblem(problem, "variants");
  const set = (key: string, part: Partial<(typeof draft.variants)[number]>) =>
    change({ variants: changed(draft.variants, key, part) });
  return (
    <RowList
      title={t("products.variants")}
      help={t("products.variantsHelp")}
      emptyText={t("products.variantsNone")}
      columns="minmax(0, 1.2fr) minmax(0, 1fr) minmax(0, 1.6fr) minmax(0, 1fr)"
      headings={[
        t("products.variant"),
        t("common.code"),
        t("products.barcodes"),
        t("common.price"),
      ]}
      rows={draft.variants}
      addLabel={t("products.add.variant")}
      onAdd={() => change({ variants: [...draft.variants, newVariant()] })}
      onRemove={({ key }) => change({ variants: without(draft.variants, key) })}
      nameOf={(row) => row.variant}
      isFixed={isFixed}
      problem={said ?? (isMissing ? t("products.everyRow") : null)}
      testId="product-variants"
      cells={(row, index) => (
        <>
          <Field
            label={`${t("products.variant")} ${index + 1}`}
            labelHidden
            value={row.variant}
            onChange={(variant) => set(row.key, { variant })}
            isReadOnly={isFixed}
            testId={`product-variant-${index + 1}`}
          />
          <Field
            label={`${t("common.code")} ${index + 1}`}
            labelHidden
            value={row.code}
            onChange={(code) => set(row.key, { code })}
            isReadOnly={isFixed}
          />
          <Field
            label={`${t("products.barcodes")} ${index + 1}`}
            labelHidden
            value={row.barcodes}
            onChange={(barcodes) => set(row.key, { barcodes })}
            isReadOnly={isFixed}
          />
          <UnitPriceField
            label={`${t("common.price")} ${index + 1}`}
            labelHidden
            value={row.unit_price}
            onChange={(unit_price) => set(row.key, { unit_price })}
            isReadOnly={isFixed}
          />
        </>
      )}
    />
  );
}
