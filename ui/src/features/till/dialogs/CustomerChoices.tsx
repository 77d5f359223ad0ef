import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomerFound } from "../../../api/bindings";
import { useRead } from "../../../api/call";
import { Button, EmptyState, Loaded, SearchField, Stack } from "../../../components";
import css from "./Choices.module.css";

const CUSTOMERS_MAX = 20;

/** Customers by name, code or telephone; Enter takes the first. */
export function CustomerChoices({ onChoose }: { onChoose: (customer: CustomerFound) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const found = useRead("customers.search", { text, limit: CUSTOMERS_MAX }, { keep: true });
  return (
    <Stack>
      <SearchField
        label={t("till.customerSearch")}
        value={text}
        onChange={setText}
        autoFocus
        onSubmit={() => {
          const first = found.data?.[0];
          if (first) onChoose(first);
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
                  <Button wide onPress={() => onChoose(customer)}>
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
  );
}
