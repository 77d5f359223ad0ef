import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ListedPrice, PriceList } from "../../api/bindings";
import { call, useWrite } from "../../api/call";
import { toFailure } from "../../api/failure";
import {
  Button,
  Confirm,
  EmptyState,
  FailedState,
  FailureBanner,
  Qty,
  Section,
  Select,
  Skeleton,
  Table,
  UnitPrice,
  useFormat,
  useToast,
} from "../../components";
import { href } from "../../router";
import { useMay } from "../../seat";
import css from "./Settings.module.css";

/** The prices that stand in one list, and a way to end one. */
export function ListedPrices({ lists }: { lists: PriceList[] }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<string | null>(null);
  const [ended, setEnded] = useState<ListedPrice | null>(null);
  const listId = chosen ?? lists[0]?.price_list_id ?? null;
  const prices = usePrices(listId);
  const rows = prices.data?.pages.flatMap((page) => page.prices) ?? [];
  return (
    <Section
      title={t("settings.prices.inList")}
      actions={
        <Select
          label={t("settings.pages.price-lists")}
          labelHidden
          options={lists.map((row) => ({ id: row.price_list_id ?? "", label: row.name }))}
          value={listId}
          onChange={setChosen}
        />
      }
      testId="listed-prices"
    >
      {prices.error ? (
        <FailedState problem={toFailure(prices.error)} onRetry={() => void prices.refetch()} />
      ) : !prices.data ? (
        <Skeleton rows={4} />
      ) : rows.length === 0 ? (
        <EmptyState title={t("settings.prices.noPrices")} />
      ) : (
        <Prices rows={rows} onEnd={setEnded} />
      )}
      {prices.hasNextPage && (
        <div className={css.foot}>
          <Button isPending={prices.isFetching} onPress={() => void prices.fetchNextPage()}>
            {t("common.more")}
          </Button>
        </div>
      )}
      {ended && <EndDialog price={ended} onClose={() => setEnded(null)} />}
    </Section>
  );
}

function usePrices(price_list_id: string | null) {
  return useInfiniteQuery({
    queryKey: ["catalogue.prices", price_list_id],
    queryFn: ({ pageParam }) =>
      call("catalogue.prices", { price_list_id: price_list_id ?? "", after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: price_list_id !== null,
  });
}

function Prices({ rows, onEnd }: { rows: ListedPrice[]; onEnd: (row: ListedPrice) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayEdit = useMay("catalogue:edit");
  const days = ({ valid_from, valid_to }: ListedPrice) =>
    valid_from || valid_to
      ? `${valid_from ? format.date(valid_from) : "…"} – ${valid_to ? format.date(valid_to) : "…"}`
      : t("settings.prices.always");
  return (
    <Table
      label={t("settings.prices.inList")}
      rows={rows}
      keyOf={(row) => row.price_id}
      columns={[
        { id: "code", title: t("common.code"), cell: (row) => row.code },
        {
          id: "name",
          title: t("settings.barcodes.product"),
          cell: (row) => <a href={href("products", row.product_id)}>{row.name}</a>,
        },
        {
          id: "from",
          title: t("settings.prices.fromQty"),
          numeric: true,
          cell: (row) => <Qty value={row.min_qty} unit={row.unit} />,
        },
        {
          id: "price",
          title: t("common.price"),
          numeric: true,
          cell: (row) => <UnitPrice value={row.unit_price} />,
        },
        { id: "days", title: t("settings.prices.days"), cell: days },
        {
          id: "end",
          title: t("settings.prices.end"),
          titleHidden: true,
          numeric: true,
          cell: (row) =>
            mayEdit && (
              <Button size="small" onPress={() => onEnd(row)} testId="price-end">
                {t("settings.prices.end")}
              </Button>
            ),
        },
      ]}
    />
  );
}

function EndDialog({ price, onClose }: { price: ListedPrice; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const end = useWrite("catalogue.end_price");
  return (
    <Confirm
      title={t("settings.prices.endTitle", { name: price.name })}
      confirmLabel={t("settings.prices.end")}
      danger
      isPending={end.isPending}
      onConfirm={() =>
        end.mutate(
          { price_id: price.price_id },
          {
            onSuccess: () => {
              toast.say(t("settings.prices.ended"));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <p>{t("settings.prices.endHelp")}</p>
      <FailureBanner problem={end.error} />
    </Confirm>
  );
}
