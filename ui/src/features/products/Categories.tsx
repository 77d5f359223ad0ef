import { FolderPlus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Category } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Button, Chip, EmptyState, Loaded, Page, Table } from "../../components";
import { navigate } from "../../router";
import { useMay } from "../../seat";
import { CategoryDialog } from "./CategoryDialog";
import { categoryPath } from "./useCategories";

/** The categories, by path. */
export function CategoriesPage() {
  const { t } = useTranslation();
  const mayEdit = useMay("catalogue:edit");
  const categories = useRead("catalogue.categories", {});
  const [edits, setEdits] = useState<Category | "new" | null>(null);
  return (
    <Page
      title={t("products.categories")}
      flush
      actions={
        <>
          <Button onPress={() => navigate("products")}>{t("common.back")}</Button>
          {mayEdit && (
            <Button
              tone="accent"
              icon={<FolderPlus />}
              onPress={() => setEdits("new")}
              testId="category-new"
            >
              {t("products.categoryNew")}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={categories} rows={10}>
        {({ categories: all }) =>
          all.length === 0 ? (
            <EmptyState title={t("products.categoriesNone")}>
              {t("products.categoriesNoneHelp")}
            </EmptyState>
          ) : (
            <CategoryTable all={all} {...(mayEdit ? { onOpen: setEdits } : {})} />
          )
        }
      </Loaded>
      {edits && (
        <CategoryDialog category={edits === "new" ? null : edits} onClose={() => setEdits(null)} />
      )}
    </Page>
  );
}

function CategoryTable(props: { all: Category[]; onOpen?: (category: Category) => void }) {
  const { all, onOpen } = props;
  const { t } = useTranslation();
  const pathOf = (row: Category) => categoryPath(all, row.category_id);
  const rows = [...all].sort((a, b) => pathOf(a).localeCompare(pathOf(b)));
  return (
    <Table
      label={t("products.categories")}
      rows={rows}
      keyOf={(row) => row.category_id ?? ""}
      {...(onOpen ? { onOpen } : {})}
      columns={[
        { id: "path", title: t("common.name"), cell: pathOf },
        {
          id: "archived",
          title: t("common.archived"),
          titleHidden: true,
          numeric: true,
          cell: (row) => row.archived && <Chip tone="warn">{t("common.archived")}</Chip>,
        },
      ]}
    />
  );
}
