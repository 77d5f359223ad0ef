import { useTranslation } from "react-i18next";
import type { ProductView, TaxClass } from "../../api/bindings";
import { Button, Field, Section, Select, TextArea } from "../../components";
import { navigateKeeping } from "../../parts/listAddress";
import { CategoryField } from "./CategoryField";
import css from "./Products.module.css";
import type { Form } from "./useEditor";

/** What it is called and how it is sorted. */
export function General(props: { form: Form; view: ProductView | null; taxClasses: TaxClass[] }) {
  const { form, view, taxClasses } = props;
  const { draft, change, isFixed } = form;
  const { t } = useTranslation();
  const parent = view?.variant_of;
  return (
    <Section
      title={parent ? t("products.variantOf") : t("products.product")}
      actions={
        parent && (
          <Button size="small" onPress={() => navigateKeeping("products", parent)}>
            {t("products.variantParent")}
          </Button>
        )
      }
    >
      <div className={css.fields}>
        <div className={css.wide}>
          <Field
            name="name"
            label={t("products.name")}
            help={t("products.nameHelp")}
            value={draft.name}
            onChange={(name) => change({ name })}
            isReadOnly={isFixed}
            isRequired
            autoFocus={view === null}
            testId="product-name"
          />
        </div>
        {parent && (
          <Field
            name="variant"
            label={t("products.variant")}
            help={t("products.variantHelp")}
            value={draft.variant}
            onChange={(variant) => change({ variant })}
            isReadOnly={isFixed}
          />
        )}
        <Field
          name="code"
          label={t("common.code")}
          help={t("products.codeHelp")}
          value={draft.code}
          onChange={(code) => change({ code })}
          isReadOnly={isFixed}
          testId="product-code"
        />
        <CategoryField form={form} />
        <Select
          name="tax_class_id"
          label={t("products.taxClass")}
          options={taxClasses.map((one) => ({
            id: one.tax_class_id ?? "",
            label: one.name,
            note: one.code,
          }))}
          value={draft.tax_class_id ?? taxClasses[0]?.tax_class_id ?? null}
          onChange={(tax_class_id) => change({ tax_class_id })}
          isDisabled={isFixed}
          testId="product-tax"
        />
        <Field
          name="base_unit"
          label={t("products.baseUnit")}
          help={
            view && !view.base_unit_free ? t("products.baseUnitFixed") : t("products.baseUnitHelp")
          }
          value={draft.base_unit}
          onChange={(base_unit) => change({ base_unit })}
          isReadOnly={isFixed}
          isDisabled={view !== null && !view.base_unit_free}
          isRequired
          testId="product-base-unit"
        />
        <div className={css.wide}>
          <TextArea
            name="description"
            label={t("products.description")}
            rows={2}
            value={draft.description}
            onChange={(description) => change({ description })}
            isReadOnly={isFixed}
          />
        </div>
      </div>
    </Section>
  );
}
