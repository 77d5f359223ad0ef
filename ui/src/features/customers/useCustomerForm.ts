import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomerDetails } from "../../api/bindings";
import { read, useWrite } from "../../api/call";
import { useToast } from "../../components";

/** Every field of a customer, none of them left out. */
export type Draft = Required<CustomerDetails>;

export const NEW: Draft = {
  customer_id: null,
  code: "",
  name: "",
  phone: "",
  email: "",
  address: "",
  country: "",
  tax_number: "",
  customer_group: "",
  price_list_id: null,
  credit_limit: 0,
  terms_days: 0,
  blocked: false,
  note: "",
};

/** The form of one customer: what it holds, whether it differs, and how it is saved. */
export function useCustomerForm(given: CustomerDetails, onMade?: (customerId: string) => void) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const formId = useId();
  const save = useWrite("customers.save");
  const [kept, setKept] = useState<Draft>({ ...NEW, ...given });
  const [draft, setDraft] = useState<Draft>(kept);
  const submit = () => {
    if (save.isPending) return;
    save.mutate(draft, {
      onSuccess: async ({ customer_id }) => {
        toast.say(t("common.saved"));
        if (onMade) return onMade(customer_id);
        const fresh = { ...read("customers.get", { customer_id }), staleTime: 0 };
        const { customer } = await client.fetchQuery(fresh);
        setKept({ ...NEW, ...customer });
        setDraft({ ...NEW, ...customer });
      },
    });
  };
  return {
    formId,
    draft,
    change: (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part })),
    isDirty: JSON.stringify(draft) !== JSON.stringify(kept),
    isPending: save.isPending,
    problem: save.error,
    submit,
  };
}

export type CustomerFormState = ReturnType<typeof useCustomerForm>;
