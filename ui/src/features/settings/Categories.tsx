import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Category } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Field, Select } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Masters } from "../../parts/Masters";
import { useSave } from "../../parts/useSave";
import { useMay } from "../../seat";
import { Archived } from "./Archived";
import { parentsFor, wayTo } from "./tree";

const NEW: Category = { category_id: null, name: "", parent_id: null, archived: false };
const TOP = "top";

/** What sorts the goods. */
export default function Categories() {
  const { t, i18n } = useTranslation();
  const categories = useRead("catalogue.categories", {});
  const mayEdit = useMay("catalogue:edit");
  const all = categories.data?.categories ?? [];
  return (
    <Masters
      title={t("settings.pages.categories")}
      query={categories}
      rowsOf={(data) =>
        [...data.categories].sort((one, other) =>
          wayTo(data.categories, one).localeCompare(wayTo(data.categories, other), i18n.language),
        )
      }
      keyOf={(row) => row.category_id ?? ""}
      isArchived={(row) => row.archived}
      addLabel={mayEdit ? t("settings.categories.add") : undefined}
      none={t("settings.categories.none")}
      columns={[{ id: "name", title: t("common.name"), cell: (row) => wayTo(all, row) }]}
      editor={(row, onClose) => <CategoryDialog given={row ?? NEW} all={all} onClose={onClose} />}
      testId="categories"
    />
  );
}

function CategoryDialog(props: { given: Category; all: Category[]; onClose: () => void }) {
  const { given, all, onClose } = props;
  const { t } = useTranslation();
  const [value, setValue] = useState(given);
  const { save, saving } = useSave("catalogue.save_category", onClose);
  const set = (change: Partial<Category>) => setValue((now) => ({ ...now, ...change }));
  const exists = Boolean(given.category_id);
  const parents = parentsFor(all, given.category_id ?? null).filter(
    (row) => !row.archived || row.category_id === given.parent_id,
  );
  return (
    <EditDialog
      title={exists ? given.name : t("settings.categories.add")}
      fields={["name", "parent_id"]}
      mayEdit={useMay("catalogue:edit")}
      {...saving}
      onSave={() => save(value)}
      onClose={onClose}
    >
      <Field
        name="name"
        label={t("common.name")}
        value={value.name}
        onChange={(name) => set({ name })}
        isRequired
        autoFocus
      />
      <Select
        name="parent_id"
        label={t("settings.categories.inside")}
        options={[
          { id: TOP, label: t("settings.categories.top") },
          ...parents.map((row) => ({ id: row.category_id ?? "", label: wayTo(all, row) })),
        ]}
        value={value.parent_id ?? TOP}
        onChange={(id) => set({ parent_id: id === TOP ? null : id })}
      />
      <Archived exists={exists} value={value.archived} onChange={(archived) => set({ archived })} />
    </EditDialog>
  );
}
