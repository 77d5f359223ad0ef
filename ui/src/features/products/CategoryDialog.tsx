import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Category } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Checkbox, EntryDialog, Field, Select, useToast } from "../../components";
import { useCategories } from "./useCategories";

const TOP = "top";

/** Makes a category or changes one. */
export function CategoryDialog(props: {
  category: Category | null;
  onSaved?: (categoryId: string) => void;
  onClose: () => void;
}) {
  const { category, onSaved, onClose } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const [name, setName] = useState(category?.name ?? "");
  const [parent, setParent] = useState(category?.parent_id ?? TOP);
  const [archived, setArchived] = useState(category?.archived ?? false);
  const { options } = useCategories();
  const save = useWrite("catalogue.save_category");
  const own = category?.category_id ?? null;
  const confirm = () =>
    save.mutate(
      {
        category_id: own,
        name: name.trim(),
        parent_id: parent === TOP ? null : parent,
        archived,
      },
      {
        onSuccess: ({ category_id }) => {
          toast.say(t("common.saved"));
          onSaved?.(category_id);
          onClose();
        },
      },
    );
  return (
    <EntryDialog
      title={category ? t("products.categoryEdit") : t("products.categoryNew")}
      confirmLabel={t("common.save")}
      confirmTestId="category-save"
      isReady={name.trim() !== ""}
      isPending={save.isPending}
      problem={save.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Field
        name="name"
        label={t("common.name")}
        value={name}
        onChange={setName}
        autoFocus
        testId="category-name"
      />
      <Select
        name="parent_id"
        label={t("products.categoryInside")}
        options={[
          { id: TOP, label: t("products.categoryTop") },
          ...options.filter((one) => one.id !== own),
        ]}
        value={parent}
        onChange={setParent}
      />
      {category && (
        <Checkbox label={t("common.archived")} value={archived} onChange={setArchived} />
      )}
    </EntryDialog>
  );
}
