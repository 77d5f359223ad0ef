import { FolderPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton, Select } from "../../components";
import { CategoryDialog } from "./CategoryDialog";
import css from "./Products.module.css";
import { useCategories } from "./useCategories";
import type { Form } from "./useEditor";

const NONE = "none";

/** The category; a new one is made without leaving the form. */
export function CategoryField({ form }: { form: Form }) {
  const { draft, change, isFixed } = form;
  const { t } = useTranslation();
  const [making, setMaking] = useState(false);
  const categories = useCategories();
  return (
    <div className={css.withButton}>
      <Select
        name="category_id"
        label={t("products.category")}
        options={[{ id: NONE, label: t("products.categoryNone") }, ...categories.options]}
        value={draft.category_id ?? NONE}
        onChange={(id) => change({ category_id: id === NONE ? null : id })}
        isDisabled={isFixed}
        testId="product-category"
      />
      {!isFixed && (
        <IconButton
          tone="plain"
          label={t("products.categoryNew")}
          icon={<FolderPlus />}
          onPress={() => setMaking(true)}
        />
      )}
      {making && (
        <CategoryDialog
          category={null}
          onSaved={(category_id) => change({ category_id })}
          onClose={() => setMaking(false)}
        />
      )}
    </div>
  );
}
