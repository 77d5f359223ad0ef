import { Archive, ArchiveRestore, Tags } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProductView } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Button, Confirm, useToast } from "../../components";
import { useSaveKey } from "../../parts/useSaveKey";
import { href } from "../../router";
import { useMay } from "../../seat";

/** Back, label, off sale, save. */
export function EditorActions(props: {
  formId: string;
  view: ProductView | null;
  isDirty: boolean;
  isPending: boolean;
  onSave: () => void;
  onBack: () => void;
}) {
  const { formId, view, isDirty, isPending, onSave, onBack } = props;
  const { t } = useTranslation();
  const [asks, setAsks] = useState<"archive" | "leave" | null>(null);
  const mayEdit = useMay("catalogue:edit");
  const productId = view?.product.product_id ?? null;
  const archived = view?.archived ?? false;
  useSaveKey(() => {
    if (mayEdit && !archived && isDirty) onSave();
  });
  return (
    <>
      <Button onPress={() => (isDirty ? setAsks("leave") : onBack())} testId="product-back">
        {t("common.back")}
      </Button>
      {productId && !archived && (
        <Button
          icon={<Tags />}
          onPress={() => {
            window.location.hash = `${href("products", "labels")}?product=${productId}`;
          }}
          testId="product-label"
        >
          {t("products.labelsOne")}
        </Button>
      )}
      {productId && mayEdit && (
        <ArchiveButton view={view} productId={productId} onAsk={() => setAsks("archive")} />
      )}
      {mayEdit && !archived && (
        <Button
          type="submit"
          form={formId}
          tone="accent"
          hint="Ctrl S"
          isDisabled={!isDirty}
          isPending={isPending}
          testId="product-save"
        >
          {t("common.save")}
        </Button>
      )}
      {asks === "leave" && (
        <Confirm
          title={t("products.leaveTitle")}
          confirmLabel={t("products.leave")}
          danger
          onConfirm={onBack}
          onClose={() => setAsks(null)}
          testId="product-leave"
        >
          <p>{t("products.leaveHelp")}</p>
        </Confirm>
      )}
      {asks === "archive" && view && productId && (
        <TakeOffSale view={view} productId={productId} onClose={() => setAsks(null)} />
      )}
    </>
  );
}

function ArchiveButton(props: { view: ProductView | null; productId: string; onAsk: () => void }) {
  const { view, productId, onAsk } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const archive = useWrite("catalogue.archive");
  if (!view?.archived) {
    return (
      <Button icon={<Archive />} onPress={onAsk} testId="product-archive">
        {t("products.archive")}
      </Button>
    );
  }
  const bringBack = () =>
    archive.mutate(
      { product_id: productId, archived: false },
      {
        onSuccess: () => toast.say(t("products.backDone", { name: view.display_name })),
        onError: toast.fail,
      },
    );
  return (
    <Button
      tone="accent"
      icon={<ArchiveRestore />}
      isPending={archive.isPending}
      onPress={bringBack}
      testId="product-restore"
    >
      {t("products.backOnSale")}
    </Button>
  );
}

function TakeOffSale(props: { view: ProductView; productId: string; onClose: () => void }) {
  const { view, productId, onClose } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const archive = useWrite("catalogue.archive");
  const name = view.display_name;
  const confirm = () =>
    archive.mutate(
      { product_id: productId, archived: true },
      {
        onSuccess: () => {
          toast.say(t("products.archiveDone", { name }));
          onClose();
        },
        onError: toast.fail,
      },
    );
  return (
    <Confirm
      title={t("products.archiveTitle", { name })}
      confirmLabel={t("products.archive")}
      danger
      isPending={archive.isPending}
      onConfirm={confirm}
      onClose={onClose}
      testId="product-archive-confirm"
    >
      <p>{t("products.archiveHelp")}</p>
    </Confirm>
  );
}
