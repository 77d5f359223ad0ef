import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { StockCardLine } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Button, EmptyState, type GridColumn, Money, Page, Qty, useFormat } from "../../components";
import { navigateKeeping } from "../../parts/listAddress";
import { PagedGrid } from "../../parts/PagedGrid";
import { usePages } from "../../parts/usePages";
import { navigate } from "../../router";
import { useMay } from "../../seat";
import { AdjustDialog } from "./AdjustDialog";
import css from "./Inventory.module.css";
import { AdjustButton } from "./OnHandList";
import { Status } from "./Status";

/** Every movement of a product with what was left after it, the newest first. */
export function StockCardPage({ productId }: { productId: string }) {
  const { t } = useTranslation();
  const mayAdjust = useMay("inventory:adjust");
  const maySee = useMay("catalogue:read");
  const [adjusting, setAdjusting] = useState(false);
  const product = useRead("catalogue.get", { product_id: productId }, { enabled: maySee });
  const pages = usePages("inventory.stock_card", {
    key: productId,
    argsAt: (mark) => ({ product_id: productId, before: mark === null ? null : String(mark) }),
    rowsOf: (page) => page.lines,
    nextOf: (page) => page.next,
  });
  const unit = product.data?.product.base_unit;
  const name = product.data?.display_name;
  return (
    <Page
      title={name ?? t("inventory.card")}
      lead={name && `${t("inventory.card")} · ${product.data?.product.code ?? ""}`}
      flush
      actions={
        <>
          <Button onPress={() => navigateKeeping("inventory")} testId="inventory-back">
            {t("common.back")}
          </Button>
          {maySee && (
            <Button onPress={() => navigate("products", productId)}>{t("products.product")}</Button>
          )}
          {mayAdjust && <AdjustButton onPress={() => setAdjusting(true)} />}
        </>
      }
    >
      <PagedGrid
        label={t("inventory.card")}
        pages={pages}
        columns={useColumns(unit)}
        keyOf={(row) => row.stock_move_id}
        empty={
          <EmptyState title={t("inventory.cardNone")}>{t("inventory.cardNoneHelp")}</EmptyState>
        }
      />
      {adjusting && (
        <AdjustDialog
          product={{
            product_id: productId,
            name: name ?? "",
            code: product.data?.product.code ?? "",
            unit: unit ?? "",
          }}
          onClose={() => setAdjusting(false)}
        />
      )}
    </Page>
  );
}

function useColumns(unit: string | undefined): GridColumn<StockCardLine>[] {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  // biome-ignore lint/correctness/useExhaustiveDependencies: words and figures follow the language
  return useMemo(() => {
    const document = (kind: string) =>
      t(`inventory.documents.${kind as "sale"}`, { defaultValue: kind });
    const columns: GridColumn<StockCardLine>[] = [
      {
        id: "time",
        title: t("common.time"),
        value: (row) => row.moved_at,
        cell: (row) => format.dateTime(row.moved_at),
        width: 180,
      },
      {
        id: "document",
        title: t("inventory.document"),
        value: (row) => document(row.doc_kind),
        width: 130,
      },
      {
        id: "status",
        title: t("inventory.status"),
        value: (row) => row.status,
        cell: (row) => <Status status={row.status} />,
        width: 130,
      },
      {
        id: "reason",
        title: t("common.reason"),
        value: (row) => row.reason,
        grow: true,
        width: 140,
      },
      {
        id: "qty",
        title: t("inventory.change"),
        value: (row) => row.qty,
        cell: (row) => <Qty value={row.qty} />,
        numeric: true,
        width: 110,
      },
      {
        id: "balance",
        title: t("inventory.balance"),
        value: (row) => row.balance_qty,
        cell: (row) => (
          <strong className={row.balance_qty.startsWith("-") ? css.negative : undefined}>
            <Qty value={row.balance_qty} unit={unit} />
          </strong>
        ),
        numeric: true,
        width: 150,
      },
      {
        id: "value",
        title: t("inventory.value"),
        value: (row) => row.value,
        cell: (row) => <Money value={row.value} />,
        numeric: true,
        width: 120,
      },
      {
        id: "balanceValue",
        title: t("inventory.balanceValue"),
        value: (row) => row.balance_value,
        cell: (row) => <Money value={row.balance_value} />,
        numeric: true,
        width: 140,
      },
    ];
    return columns.map((column) => ({ ...column, sortable: false }));
  }, [i18n.language, unit]);
}
