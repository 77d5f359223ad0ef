import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ReceiptQuery, ReceiptSummary } from "../../api/bindings";
import { call } from "../../api/call";
import { toFailure } from "../../api/failure";
import {
  Chip,
  DateField,
  EmptyState,
  FailedState,
  Grid,
  type GridColumn,
  Money,
  Page,
  SearchField,
  Skeleton,
  Split,
  useFormat,
} from "../../components";
import { useScanner } from "../../input/useScanner";
import { useQueryParam } from "../../router";
import { ReceiptDetail } from "./ReceiptDetail";

/** Every receipt of this store: find it, look at it, print it again, take it back. */
export default function Receipts() {
  const { t } = useTranslation();
  const [text, setText] = useQueryParam("q");
  const [from, setFrom] = useQueryParam("from");
  const [to, setTo] = useQueryParam("to");
  const [chosen, setChosen] = useQueryParam("sale");
  useScanner({ onScan: setText });
  const found = useReceipts({
    text: text.trim(),
    from: from || null,
    to: to || null,
    customer_id: null,
  });
  const rows = useMemo(
    () => found.data?.pages.flatMap((page) => page.receipts) ?? [],
    [found.data],
  );
  const columns = useColumns(chosen === "");
  return (
    <Page
      title={t("receipts.title")}
      flush
      tools={
        <>
          <SearchField
            label={t("receipts.search")}
            value={text}
            onChange={setText}
            autoFocus
            testId="receipts-search"
          />
          <DateField label={t("common.from")} value={from} onChange={setFrom} />
          <DateField label={t("common.to")} value={to} onChange={setTo} />
        </>
      }
    >
      <Split
        asideWidth="24.5rem"
        aside={
          chosen && (
            <ReceiptDetail
              key={chosen}
              saleId={chosen}
              onOpen={setChosen}
              onClose={() => setChosen("")}
            />
          )
        }
      >
        {found.error ? (
          <FailedState problem={toFailure(found.error)} onRetry={() => void found.refetch()} />
        ) : !found.data ? (
          <Skeleton rows={12} />
        ) : rows.length === 0 ? (
          <EmptyState title={t("receipts.none")}>{t("receipts.noneHelp")}</EmptyState>
        ) : (
          <Grid
            label={t("receipts.title")}
            columns={columns}
            rows={rows}
            keyOf={(row) => row.sale_id}
            onOpen={(row) => setChosen(row.sale_id)}
            onEnd={() => found.hasNextPage && !found.isFetching && void found.fetchNextPage()}
          />
        )}
      </Split>
    </Page>
  );
}

/** Page after page, as the list is scrolled. */
function useReceipts(query: Omit<ReceiptQuery, "before">) {
  return useInfiniteQuery({
    queryKey: ["pos.receipts", query],
    queryFn: ({ pageParam }) => call("pos.receipts", { ...query, before: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
}

function useColumns(wide: boolean): GridColumn<ReceiptSummary>[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and figures follow the language
  return useMemo(() => {
    const cashier: GridColumn<ReceiptSummary> = {
      id: "cashier",
      title: t("shell.cashier"),
      value: (row) => row.cashier,
      grow: true,
      width: 130,
    };
    return [
      { id: "number", title: t("common.number"), value: (row) => row.number, width: 180 },
      {
        id: "kind",
        title: t("receipts.kind"),
        value: (row) => row.kind,
        width: 124,
        cell: (row) => (
          <Chip tone={row.kind === "sale" ? "plain" : "warn"}>
            {t(`receipts.kinds.${row.kind}`)}
          </Chip>
        ),
      },
      {
        id: "time",
        title: t("common.time"),
        value: (row) => row.sold_at,
        cell: (row) => format.dateTime(row.sold_at),
        width: 172,
      },
      ...(wide ? [cashier] : []),
      {
        id: "customer",
        title: t("common.customer"),
        value: (row) => row.customer ?? "",
        grow: true,
        width: 130,
      },
      {
        id: "total",
        title: t("common.total"),
        value: (row) => row.total,
        cell: (row) => <Money value={row.total} />,
        numeric: true,
        width: 120,
      },
    ];
  }, [i18n.language, wide]);
}
