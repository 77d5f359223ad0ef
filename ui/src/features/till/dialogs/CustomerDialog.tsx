import { useTranslation } from "react-i18next";
import { newId } from "../../../api/ids";
import { Button, Dialog } from "../../../components";
import type { TillDialogProps } from "../Dialogs";
import { emptyTicket } from "../ticket";
import { CustomerChoices } from "./CustomerChoices";

/** Names the customer: their prices and their credit count from now on. */
export function CustomerDialog({ open, onClose }: TillDialogProps) {
  const { t } = useTranslation();
  const choose = async (customer_id: string | null) => {
    if (open.ticket === null) {
      if (customer_id) open.show({ ...emptyTicket(newId()), customer_id });
      return onClose();
    }
    if (await open.change((now) => ({ ...now, customer_id }))) onClose();
  };
  return (
    <Dialog
      title={t("till.key.customer")}
      onClose={onClose}
      touch
      actions={
        open.ticket?.customer_id && (
          <Button onPress={() => void choose(null)}>{t("till.customerRemove")}</Button>
        )
      }
    >
      <CustomerChoices onChoose={({ customer_id }) => void choose(customer_id)} />
    </Dialog>
  );
}
