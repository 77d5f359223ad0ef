import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../../api/call";
import { newId } from "../../../api/ids";
import { Button, Dialog, EmptyState, Loaded, SearchField, Stack } from "../../../components";
import type { TillDialogProps } from "../Dialogs";
import { emptyTicket } from "../ticket";
import css from "./Choices.module.css";

const CUSTOMERS_MAX = 20;

/** Names the customer: their prices and their credit count from now on. */
export function CustomerDialog({ open, onClose }: TillDialogProps) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const found = useRead("customers.search", { text, limit: CUSTOMERS_MAX }, { keep: true });
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
      <Stack>
        <SearchField
          label={t("till.customerSearch")}
          value={text}
          onChange={setText}
          autoFocus
          onSubmit={() => {
            const first = found.data?.[0];
            if (first) void choose(first.customer_id);
          }}
        />
        <Loaded query={found}>
          {(customers) =>
            customers.length === 0 ? (
              <EmptyState title={t("till.customerEmpty")}>{t("till.customerEmptyHelp")}</EmptyState>
            ) : (
              <ul className={css.choices}>
                {customers.map((customer) => (
                  <li key={customer.customer_id}>
                    <Button wide onPress={() => void choose(customer.customer_id)}>
                      <span className={css.choice}>
                        <strong>{customer.name}</strong>
                        <span className={css.detail}>
                          {customer.code} {customer.phone && `· ${customer.phone}`}
                        </span>
                      </span>
                    </Button>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Stack>
    </Dialog>
  );
}
