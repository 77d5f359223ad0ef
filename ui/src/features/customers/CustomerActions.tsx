import { Archive, ArchiveRestore } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomerView } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Button, Confirm, useToast } from "../../components";
import { navigateKeeping } from "../../parts/listAddress";
import { useSaveKey } from "../../parts/useSaveKey";
import { useMay } from "../../seat";
import type { CustomerFormState } from "./useCustomerForm";

/** Back, archive, save. */
export function CustomerActions(props: { form: CustomerFormState; view: CustomerView | null }) {
  const { form, view } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const mayEdit = useMay("customers:edit");
  const [asks, setAsks] = useState<"leave" | "archive" | null>(null);
  const archive = useWrite("customers.archive");
  const archived = view?.archived ?? false;
  const customerId = view?.customer.customer_id ?? null;
  const name = view?.customer.name ?? "";
  const back = () => navigateKeeping("customers");
  useSaveKey(() => {
    if (mayEdit && !archived && form.isDirty) form.submit();
  });
  const setArchived = (to: boolean) => {
    if (!customerId) return;
    archive.mutate(
      { customer_id: customerId, archived: to },
      {
        onSuccess: () => {
          toast.say(to ? t("customers.archiveDone", { name }) : t("customers.backDone", { name }));
          setAsks(null);
        },
        onError: (failure) => {
          setAsks(null);
          toast.fail(failure);
        },
      },
    );
  };
  return (
    <>
      <Button onPress={() => (form.isDirty ? setAsks("leave") : back())} testId="customer-back">
        {t("common.back")}
      </Button>
      {customerId && mayEdit && (
        <Button
          icon={archived ? <ArchiveRestore /> : <Archive />}
          isPending={archive.isPending}
          onPress={() => (archived ? setArchived(false) : setAsks("archive"))}
          testId="customer-archive"
        >
          {archived ? t("customers.bringBack") : t("customers.archive")}
        </Button>
      )}
      {mayEdit && !archived && (
        <Button
          type="submit"
          form={form.formId}
          tone="accent"
          hint="Ctrl S"
          isDisabled={!form.isDirty}
          isPending={form.isPending}
          testId="customer-save"
        >
          {t("common.save")}
        </Button>
      )}
      {asks === "leave" && (
        <Confirm
          title={t("customers.leaveTitle")}
          confirmLabel={t("customers.leave")}
          danger
          onConfirm={back}
          onClose={() => setAsks(null)}
        >
          <p>{t("customers.leaveHelp")}</p>
        </Confirm>
      )}
      {asks === "archive" && (
        <Confirm
          title={t("customers.archiveTitle", { name })}
          confirmLabel={t("customers.archive")}
          danger
          isPending={archive.isPending}
          onConfirm={() => setArchived(true)}
          onClose={() => setAsks(null)}
          testId="customer-archive-confirm"
        >
          <p>{t("customers.archiveHelp")}</p>
        </Confirm>
      )}
    </>
  );
}
