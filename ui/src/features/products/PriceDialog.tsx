import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProductView } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  DateField,
  EntryDialog,
  QtyField,
  Select,
  UnitPriceField,
  useToast,
} from "../../components";
import { BASE } from "./draft";
import css from "./Products.module.css";

/** A price in any list, for some days where wanted. */
export function PriceDialog({ view, onClose }: { view: ProductView; onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const lists = useRead("catalogue.price_lists", {});
  const set = useWrite("catalogue.set_price");
  const usable = (lists.data?.price_lists ?? []).filter((one) => !one.archived);
  const [listId, setListId] = useState<string | null>(null);
  const [unit, setUnit] = useState(BASE);
  const [fromQty, setFromQty] = useState<string | null>("0");
  const [price, setPrice] = useState<string | null>(null);
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const list = listId ?? usable[0]?.price_list_id ?? null;
  // A price of the default list that always holds is a row of the form: it would be taken back.
  const needsDay =
    usable.some((one) => one.price_list_id === list && one.is_default && !one.branch_id) &&
    from === "" &&
    until === "";
  const units = view.product.units ?? [];
  const confirm = () => {
    if (!list || price === null || fromQty === null) return;
    set.mutate(
      {
        price_list_id: list,
        product_id: view.product.product_id ?? "",
        product_unit_id: unit === BASE ? null : unit,
        min_qty: fromQty,
        unit_price: price,
        valid_from: from || null,
        valid_to: until || null,
      },
      {
        onSuccess: () => {
          toast.say(t("products.priceSet"));
          onClose();
        },
      },
    );
  };
  return (
    <EntryDialog
      title={t("products.listsTitle", { name: view.display_name })}
      confirmLabel={t("common.save")}
      confirmTestId="price-save"
      isReady={list !== null && price !== null && fromQty !== null && !needsDay}
      isPending={set.isPending}
      problem={set.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Select
        name="price_list_id"
        label={t("products.priceList")}
        options={usable.map((one) => ({ id: one.price_list_id ?? "", label: one.name }))}
        value={list}
        onChange={setListId}
      />
      <UnitPriceField
        name="unit_price"
        label={t("common.price")}
        value={price}
        onChange={setPrice}
        autoFocus
        testId="price-amount"
      />
      <div className={css.fields}>
        <Select
          name="product_unit_id"
          label={t("common.unit")}
          options={[
            { id: BASE, label: view.product.base_unit },
            ...units.map((one) => ({ id: one.product_unit_id ?? "", label: one.unit })),
          ]}
          value={unit}
          onChange={setUnit}
        />
        <QtyField
          name="min_qty"
          label={t("products.fromQty")}
          value={fromQty}
          onChange={setFromQty}
        />
        <DateField
          name="valid_from"
          label={t("products.fromDay")}
          value={from}
          onChange={setFrom}
        />
        <DateField
          name="valid_to"
          label={t("products.untilDay")}
          value={until}
          onChange={setUntil}
        />
      </div>
      {needsDay && <p className={css.faint}>{t("products.listsNeedsDay")}</p>}
    </EntryDialog>
  );
}
