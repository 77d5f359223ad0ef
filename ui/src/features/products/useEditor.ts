import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProductView } from "../../api/bindings";
import { read, useRead, useWrite } from "../../api/call";
import { useToast } from "../../components";
import { type Draft, toDetails, toDraft, unfinished } from "./draft";

export interface Form {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** Nothing can be changed: not allowed, or off sale. */
  isFixed: boolean;
}

/** The form of one product: what it holds, whether it differs, and how it is saved. */
export function useEditor(initial: Draft, onMade: ((productId: string) => void) | undefined) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const taxClasses = useRead("catalogue.tax_classes", {});
  const save = useWrite("catalogue.save");
  const [kept, setKept] = useState(initial);
  const [draft, setDraft] = useState(initial);
  const [isChecked, setChecked] = useState(false);
  const usable = (taxClasses.data?.tax_classes ?? []).filter((one) => !one.archived);
  const missing = unfinished(draft);
  const isReady = !missing.units && !missing.prices && !missing.variants;

  const submit = () => {
    setChecked(true);
    const first = usable[0]?.tax_class_id;
    if (!isReady || !first || save.isPending) return;
    save.mutate(toDetails(draft, first), {
      onSuccess: async ({ product_id }) => {
        toast.say(t("common.saved"));
        setChecked(false);
        if (onMade) return onMade(product_id);
        // What was saved has ids and numbers now that the form does not know.
        const fresh = { ...read("catalogue.get", { product_id }), staleTime: 0 };
        const view: ProductView = await client.fetchQuery(fresh);
        setKept(toDraft(view));
        setDraft(toDraft(view));
      },
      onError: (failure) => {
        if (Object.keys(failure.fields).length > 0) toast.fail(failure);
      },
    });
  };

  return {
    draft,
    change: (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part })),
    isDirty: draft !== kept && JSON.stringify(draft) !== JSON.stringify(kept),
    isPending: save.isPending,
    problem: save.error,
    missing: isChecked ? missing : { units: false, prices: false, variants: false },
    taxClasses: usable,
    submit,
  };
}
