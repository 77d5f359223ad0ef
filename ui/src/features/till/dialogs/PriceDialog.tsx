import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, EntryDialog, UnitPriceField, useFormat } from "../../../components";
import { ReasonField } from "../../../parts/ReasonField";
import type { LineDialogProps } from "../Dialogs";
import { changeLine } from "../ticket";
import { selectAll } from "./QtyDialog";

/** A price by hand, with its reason. Whether it may be is the program's answer. */
export function PriceDialog({ open, line, onClose }: LineDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const given = open.ticket?.lines.find(({ line_id }) => line_id === line.line_id)?.price;
  const [price, setPrice] = useState<string | null>(line.unit_price);
  const [reason, setReason] = useState(given?.reason ?? "");
  const apply = async (next: { unit_price: string; reason: string } | null) => {
    if (await open.change((now) => changeLine(now, line.line_id, { price: next }))) onClose();
  };
  return (
    <EntryDialog
      title={line.name}
      isReady={price !== null && reason.trim() !== ""}
      onConfirm={() => price !== null && void apply({ unit_price: price, reason: reason.trim() })}
      onClose={onClose}
      others={
        given && (
          <Button tone="quiet" onPress={() => void apply(null)}>
            {t("till.listPrice", { price: format.qty(line.list_price) })}
          </Button>
        )
      }
    >
      <UnitPriceField
        name="unit_price"
        label={t("till.newPrice")}
        help={t("till.listPrice", { price: format.qty(line.list_price) })}
        value={price}
        onChange={setPrice}
        autoFocus
        onFocus={selectAll}
      />
      <ReasonField kind="price" value={reason} onChange={setReason} />
    </EntryDialog>
  );
}
