import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomerView } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Chip, Loaded, Page, Tabs } from "../../components";
import { navigateKeeping } from "../../parts/listAddress";
import { useMay } from "../../seat";
import { CustomerActions } from "./CustomerActions";
import { CustomerForm } from "./CustomerForm";
import { CustomerReceipts } from "./CustomerReceipts";
import { Statement } from "./Statement";
import { NEW, useCustomerForm } from "./useCustomerForm";

/** One customer: who they are, their account, and what they bought. */
export function CustomerPage({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const customer = useRead("customers.get", { customer_id: customerId });
  if (customer.data) return <Known view={customer.data} customerId={customerId} />;
  return (
    <Page title={t("common.customer")}>
      <Loaded query={customer} rows={10}>
        {() => null}
      </Loaded>
    </Page>
  );
}

function Known({ view, customerId }: { view: CustomerView; customerId: string }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState("details");
  const maySeeReceipts = useMay("pos:read");
  const form = useCustomerForm(view.customer);
  const items = [
    {
      id: "details",
      title: t("common.details"),
      content: <CustomerForm form={form} credit={view.credit} archived={view.archived} />,
    },
    {
      id: "statement",
      title: t("customers.statement"),
      content: <Statement customerId={customerId} />,
    },
    ...(maySeeReceipts
      ? [
          {
            id: "receipts",
            title: t("customers.receipts"),
            content: <CustomerReceipts customerId={customerId} />,
          },
        ]
      : []),
  ];
  return (
    <Page
      title={view.customer.name}
      lead={view.archived && <Chip tone="warn">{t("customers.archived")}</Chip>}
      actions={<CustomerActions form={form} view={view} />}
    >
      <Tabs label={view.customer.name} selected={tab} onSelect={setTab} items={items} />
    </Page>
  );
}

/** A customer that is not there yet. Saved, they are the customer of their own address. */
export function NewCustomerPage() {
  const { t } = useTranslation();
  const form = useCustomerForm(NEW, (customerId) => navigateKeeping("customers", customerId));
  return (
    <Page title={t("customers.new")} actions={<CustomerActions form={form} view={null} />}>
      <CustomerForm form={form} credit={null} archived={false} />
    </Page>
  );
}
