import { FolderTree, PackagePlus, Tags } from "lucide-react";
import { useDeferredValue } from "react";
import { useTranslation } from "react-i18next";
import type { ProductSort } from "../../api/bindings";
import { Button, Checkbox, EmptyState, Page, Row, SearchField, Select } from "../../components";
import { useScanner } from "../../input/useScanner";
import { navigateKeeping } from "../../parts/listAddress";
import { PagedGrid } from "../../parts/PagedGrid";
import { usePages } from "../../parts/usePages";
import { navigate, useQueryParam } from "../../router";
import { useMay } from "../../seat";
import { useCategories } from "./useCategories";
import { useColumns } from "./useColumns";

const SORTS: ProductSort[] = ["name", "code", "newest"];
const ALL = "all";
const PAGE = 200;

/** Every product, found by name, code or barcode. */
export function ProductList() {
  const { t } = useTranslation();
  const mayEdit = useMay("catalogue:edit");
  const [text, setText] = useQueryParam("q");
  const [category, setCategory] = useQueryParam("category", ALL);
  const [sort, setSort] = useQueryParam("sort", "name");
  const [archived, setArchived] = useQueryParam("archived");
  const categories = useCategories();
  useScanner({ onScan: setText });
  const asked = {
    text: useDeferredValue(text.trim()) || null,
    category_id: category === ALL ? null : category,
    archived: archived !== "",
    variants: text.trim() !== "",
    sort: SORTS.find((one) => one === sort) ?? "name",
  };
  const pages = usePages("catalogue.list", {
    key: asked,
    argsAt: (mark) => ({ ...asked, offset: Number(mark ?? 0), limit: PAGE }),
    rowsOf: (page) => page.rows,
    nextOf: (page) => page.next_offset,
  });
  const columns = useColumns(categories.pathOf);
  const open = (productId: string) => navigateKeeping("products", productId);
  const isFiltered = asked.text !== null || asked.category_id !== null || asked.archived;
  return (
    <Page
      title={t("products.title")}
      flush
      actions={<Actions mayEdit={mayEdit} />}
      tools={
        <>
          <SearchField
            label={t("products.search")}
            value={text}
            onChange={setText}
            autoFocus
            onSubmit={() => {
              const first = pages.rows?.[0];
              if (first && text) open(first.product_id);
            }}
            testId="products-search"
          />
          <Select
            label={t("products.category")}
            options={[{ id: ALL, label: t("products.categoryAll") }, ...categories.options]}
            value={category}
            onChange={setCategory}
            testId="products-category"
          />
          <Select
            label={t("products.sort")}
            options={SORTS.map((id) => ({ id, label: t(`products.sorts.${id}`) }))}
            value={asked.sort}
            onChange={setSort}
          />
          <Checkbox
            label={t("products.archived")}
            value={asked.archived}
            onChange={(on) => setArchived(on ? "1" : "")}
          />
        </>
      }
    >
      <PagedGrid
        label={t("products.title")}
        pages={pages}
        columns={columns}
        keyOf={(row) => row.product_id}
        onOpen={(row) => open(row.product_id)}
        empty={<Nothing isFiltered={isFiltered} mayEdit={mayEdit} />}
      />
    </Page>
  );
}

function Actions({ mayEdit }: { mayEdit: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      {mayEdit && (
        <Button icon={<FolderTree />} onPress={() => navigate("products", "categories")}>
          {t("products.categories")}
        </Button>
      )}
      <Button
        icon={<Tags />}
        onPress={() => navigate("products", "labels")}
        testId="products-labels"
      >
        {t("products.labels")}
      </Button>
      {mayEdit && (
        <Button
          tone="accent"
          icon={<PackagePlus />}
          onPress={() => navigateKeeping("products", "new")}
          testId="product-new"
        >
          {t("products.new")}
        </Button>
      )}
    </>
  );
}

function Nothing({ isFiltered, mayEdit }: { isFiltered: boolean; mayEdit: boolean }) {
  const { t } = useTranslation();
  const mayImport = useMay("catalogue:import");
  if (isFiltered)
    return <EmptyState title={t("products.none")}>{t("products.noneHelp")}</EmptyState>;
  return (
    <EmptyState
      title={t("products.empty")}
      action={
        <Row>
          {mayImport && (
            <Button onPress={() => navigate("imports", "new", "products")}>
              {t("shell.feature.imports")}
            </Button>
          )}
          {mayEdit && (
            <Button tone="accent" onPress={() => navigate("products", "new")}>
              {t("products.new")}
            </Button>
          )}
        </Row>
      }
    >
      {t("products.emptyHelp")}
    </EmptyState>
  );
}
