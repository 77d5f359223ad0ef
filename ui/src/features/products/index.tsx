import { useRoute } from "../../router";
import { CategoriesPage } from "./Categories";
import { LabelsPage } from "./Labels";
import { ProductList } from "./ProductList";
import { NewProductPage, ProductPage } from "./ProductPage";

/** What is sold: the list, one product whole, its categories, and labels for the shelf. */
export default function Products() {
  const { path } = useRoute();
  const at = path[1];
  if (!at) return <ProductList />;
  if (at === "labels") return <LabelsPage />;
  if (at === "categories") return <CategoriesPage />;
  if (at === "new") return <NewProductPage />;
  return <ProductPage key={at} productId={at} />;
}
