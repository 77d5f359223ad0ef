import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ProductListed } from "../../api/bindings";
import { Chip, type GridColumn, UnitPrice } from "../../components";
import css from "./Products.module.css";

/** The order is the program's: it knows all pages, the grid only those it was given. */
export function useColumns(
  categoryOf: (id: string | null | undefined) => string,
): GridColumn<ProductListed>[] {
  const { t, i18n } = useTranslation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words follow the language
  return useMemo(() => {
    const columns: GridColumn<ProductListed>[] = [
      { id: "code", title: t("common.code"), value: (row) => row.code, width: 138 },
      {
        id: "name",
        title: t("common.name"),
        value: (row) => row.name,
        cell: (row) => <Name row={row} />,
        grow: true,
        width: 260,
      },
      {
        id: "category",
        title: t("products.category"),
        value: (row) => categoryOf(row.category_id),
        width: 170,
      },
      {
        id: "barcode",
        title: t("products.barcode"),
        value: (row) => row.barcode ?? "",
        width: 138,
      },
      { id: "unit", title: t("common.unit"), value: (row) => row.base_unit, width: 92 },
      {
        id: "price",
        title: t("common.price"),
        value: (row) => row.price ?? "",
        cell: (row) =>
          row.price === null ? (
            <span className={css.faint}>{t("products.noPrice")}</span>
          ) : (
            <UnitPrice value={row.price} />
          ),
        numeric: true,
        width: 128,
      },
    ];
    return columns.map((column) => ({ ...column, sortable: false }));
  }, [i18n.language, categoryOf]);
}

function Name({ row }: { row: ProductListed }) {
  const { t } = useTranslation();
  return (
    <span className={css.name}>
      {row.name}
      {row.variants > 0 && <Chip>{t("products.variantCount", { count: row.variants })}</Chip>}
      {row.archived && <Chip tone="warn">{t("products.archived")}</Chip>}
    </span>
  );
}
