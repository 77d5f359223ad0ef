import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EntryDialog, QtyField } from "../../../components";
import type { LineDialogProps } from "../Dialogs";

export function QtyDialog({ open, line, onClose }: LineDialogProps) {
  const { t } = useTranslation();
  const [qty, setQty] = useState<string | null>(line.qty);
  const confirm = async () => {
    if (qty === null) return;
    if (await open.changeLine(line.line_id, { qty })) onClose();
  };
  return (
    <EntryDialog
      title={line.name}
      isReady={qty !== null}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <QtyField
        name="qty"
        label={t("common.quantity")}
        unit={line.unit}
        value={qty}
        onChange={setQty}
        autoFocus
        onFocus={selectAll}
      />
    </EntryDialog>
  );
}

/** What is there is replaced by what is typed. */
export function selectAll(event: React.FocusEvent): void {
  if (event.target instanceof HTMLInputElement) event.target.select();
}
