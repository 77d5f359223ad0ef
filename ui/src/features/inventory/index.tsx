import { useRoute } from "../../router";
import { OnHandList } from "./OnHandList";
import { StockCardPage } from "./StockCardPage";

/** Stock: what is on hand, and how one product came to what it is. */
export default function Inventory() {
  const [, productId] = useRoute().path;
  return productId ? <StockCardPage key={productId} productId={productId} /> : <OnHandList />;
}
