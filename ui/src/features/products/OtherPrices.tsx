import { Plus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PriceView, ProductView } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import { Button, Qty, Section, Table, UnitPrice, useFormat, useToast } from "../../components";
import { today } from "../../parts/days";
import { PriceDialog } from "./PriceDialog";

/** Prices that the form above does not show: of other lists, and those with a first or last day. */
export function OtherPrices({ view, mayEdit }: { view: ProductView; mayEdit: boolean }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const lists = useRead("catalogue.price_lists", {});
  const main = lists.data?.price_lists.find((one) => one.is_default && !one.branch_id);
  const now = today();
  const others = view.prices.filter(
    (price) =>
      price.price_list_id !== main?.price_list_id ||
      price.valid_to !== null ||
      (price.valid_from !== null && price.valid_from > now),
  );
  return (
    <Section
      title={t("products.lists")}
      testId="product-other-prices"
      actions={
        mayEdit && (
          <Button
            size="small"
            icon={<Plus />}
            onPress={() => setAdding(true)}
            testId="product-other-price-add"
          >
            {t("products.listsAdd")}
          </Button>
        )
      }
    >
      {others.length === 0 ? (
        <p>{t("products.listsHelp")}</p>
      ) : (
        <PriceTable prices={others} mayEdit={mayEdit} />
      )}
      {adding && <PriceDialog view={view} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function PriceTable({ prices, mayEdit }: { prices: PriceView[]; mayEdit: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const toast = useToast();
  const end = useWrite("catalogue.end_price");
  const day = (value: string | null) => (value ? format.date(value) : "–");
  const endOne = (price_id: string) =>
    end.mutate(
      { price_id },
      { onSuccess: () => toast.say(t("products.endPriceDone")), onError: toast.fail },
    );
  return (
    <Table
      label={t("products.lists")}
      rows={prices}
      keyOf={(row) => row.price_id}
      columns={[
        { id: "list", title: t("products.priceList"), cell: (row) => row.price_list },
        {
          id: "from",
          title: t("products.fromQty"),
          numeric: true,
          cell: (row) => <Qty value={row.min_qty} unit={row.unit} />,
        },
        {
          id: "price",
          title: t("common.price"),
          numeric: true,
          cell: (row) => <UnitPrice value={row.unit_price} />,
        },
        {
          id: "days",
          title: `${t("products.fromDay")} – ${t("products.untilDay")}`,
          cell: (row) => `${day(row.valid_from)} – ${day(row.valid_to)}`,
        },
        {
          id: "end",
          title: t("products.endPrice"),
          titleHidden: true,
          numeric: true,
          cell: (row) =>
            mayEdit && (
              <Button size="small" onPress={() => endOne(row.price_id)}>
                {t("products.endPrice")}
              </Button>
            ),
        },
      ]}
    />
  );
}
