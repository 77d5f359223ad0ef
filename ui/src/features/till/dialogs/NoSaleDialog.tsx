import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../../api/call";
import { EntryDialog, useToast } from "../../../components";
import { ReasonField } from "../../../parts/ReasonField";

/** Opens the drawer without a sale: counted, with its reason. */
export function NoSaleDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const opens = useWrite("pos.no_sale");
  return (
    <EntryDialog
      title={t("till.noSaleTitle")}
      confirmLabel={t("till.key.noSale")}
      isReady={reason.trim() !== ""}
      isPending={opens.isPending}
      problem={opens.error}
      onConfirm={() =>
        opens.mutate(
          { reason: reason.trim() },
          {
            onSuccess: () => {
              toast.say(t("till.drawerOpened"));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <ReasonField kind="no_sale" value={reason} onChange={setReason} autoFocus />
    </EntryDialog>
  );
}
