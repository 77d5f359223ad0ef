import { useRoute } from "../../router";
import { CustomerList } from "./CustomerList";
import { CustomerPage, NewCustomerPage } from "./CustomerPage";

/** Who buys on account: the list, and one customer with their account. */
export default function Customers() {
  const [, at] = useRoute().path;
  if (!at) return <CustomerList />;
  if (at === "new") return <NewCustomerPage />;
  return <CustomerPage key={at} customerId={at} />;
}
