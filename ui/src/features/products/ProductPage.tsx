import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Loaded, Page } from "../../components";
import { navigateKeeping } from "../../parts/listAddress";
import { newDraft, toDraft } from "./draft";
import { Editor } from "./Editor";

/** One product, whole. */
export function ProductPage({ productId }: { productId: string }) {
  const { t } = useTranslation();
  const product = useRead("catalogue.get", { product_id: productId });
  if (product.data) return <Editor view={product.data} initial={toDraft(product.data)} />;
  return (
    <Page title={t("products.product")}>
      <Loaded query={product} rows={10}>
        {() => null}
      </Loaded>
    </Page>
  );
}

/** A product that is not there yet. Saved, it is the product of its own address. */
export function NewProductPage() {
  return (
    <Editor
      view={null}
      initial={newDraft()}
      onMade={(productId) => navigateKeeping("products", productId)}
    />
  );
}
