import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { CustomerListed } from "../../api/bindings";
import { Chip, type GridColumn, Money } from "../../components";
import css from "./Customers.module.css";

/** The order is the program's, by name: it knows all pages. */
export function useColumns(): GridColumn<CustomerListed>[] {
  const { t, i18n } = useTranslation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words follow the language
  return useMemo(() => {
    const columns: GridColumn<CustomerListed>[] = [
      { id: "code", title: t("common.code"), value: (row) => row.code, width: 130 },
      {
        id: "name",
        title: t("common.name"),
        value: (row) => row.name,
        cell: (row) => (
          <span className={css.name}>
            {row.name}
            {row.blocked && <Chip tone="danger">{t("customers.creditStopped")}</Chip>}
            {row.archived && <Chip tone="warn">{t("customers.archived")}</Chip>}
          </span>
        ),
        grow: true,
        width: 260,
      },
      { id: "phone", title: t("customers.phone"), value: (row) => row.phone, width: 160 },
      { id: "group", title: t("customers.group"), value: (row) => row.customer_group, width: 150 },
      {
        id: "balance",
        title: t("customers.balance"),
        value: (row) => row.balance,
        cell: (row) => <Money value={row.balance} />,
        numeric: true,
        width: 150,
      },
      {
        id: "limit",
        title: t("customers.creditLimit"),
        value: (row) => row.credit_limit,
        cell: (row) => (row.credit_limit === 0 ? "–" : <Money value={row.credit_limit} />),
        numeric: true,
        width: 160,
      },
    ];
    return columns.map((column) => ({ ...column, sortable: false }));
  }, [i18n.language]);
}
