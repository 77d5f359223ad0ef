import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProductView } from "../../api/bindings";
import { Banner, Chip, Form, Page, Tabs } from "../../components";
import { navigateKeeping } from "../../parts/listAddress";
import { useMay } from "../../seat";
import { Barcodes } from "./Barcodes";
import type { Draft } from "./draft";
import { EditorActions } from "./EditorActions";
import { General } from "./General";
import { History } from "./History";
import { OtherPrices } from "./OtherPrices";
import { Picture } from "./Picture";
import { Prices } from "./Prices";
import css from "./Products.module.css";
import { Selling } from "./Selling";
import { Units } from "./Units";
import { useEditor } from "./useEditor";
import { Variants } from "./Variants";

/** A product with everything that belongs to it; one save for all of it. */
export function Editor(props: {
  view: ProductView | null;
  initial: Draft;
  onMade?: (productId: string) => void;
}) {
  const { view, initial, onMade } = props;
  const { t } = useTranslation();
  const formId = useId();
  const [tab, setTab] = useState("details");
  const mayEdit = useMay("catalogue:edit");
  const editor = useEditor(initial, onMade);
  const archived = view?.archived ?? false;
  const form = { draft: editor.draft, change: editor.change, isFixed: !mayEdit || archived };
  const { problem, missing } = editor;

  const details = (
    <Form id={formId} onSubmit={editor.submit} problem={problem}>
      {!mayEdit && <Banner tone="calm">{t("office.onlyLook")}</Banner>}
      {archived && <Banner tone="warn">{t("products.archivedHelp")}</Banner>}
      <div className={css.editor}>
        <div className={css.column}>
          <General form={form} view={view} taxClasses={editor.taxClasses} />
          <Selling form={form} />
          <Picture form={form} />
        </div>
        <div className={css.column}>
          <Prices form={form} problem={problem} isMissing={missing.prices} />
          <Barcodes form={form} problem={problem} view={view} />
          <Units form={form} problem={problem} isMissing={missing.units} />
          {!view?.variant_of && (
            <Variants form={form} problem={problem} isMissing={missing.variants} />
          )}
          {view && <OtherPrices view={view} mayEdit={!form.isFixed} />}
        </div>
      </div>
    </Form>
  );
  return (
    <Page
      title={view?.display_name || t("products.new")}
      lead={archived && <Chip tone="warn">{t("products.archived")}</Chip>}
      actions={
        <EditorActions
          formId={formId}
          view={view}
          isDirty={editor.isDirty}
          isPending={editor.isPending}
          onSave={editor.submit}
          onBack={() => navigateKeeping("products")}
        />
      }
    >
      {view && mayEdit ? (
        <Tabs
          label={view.display_name}
          selected={tab}
          onSelect={setTab}
          items={[
            { id: "details", title: t("common.details"), content: details },
            {
              id: "history",
              title: t("products.history"),
              content: <History productId={view.product.product_id ?? ""} />,
            },
          ]}
        />
      ) : (
        details
      )}
    </Page>
  );
}
