import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AdjustmentKind, SearchHit } from "../../api/bindings";
import { call, useWrite } from "../../api/call";
import { toFailure } from "../../api/failure";
import { newId } from "../../api/ids";
import {
  Banner,
  Button,
  Dialog,
  Field,
  Form,
  Select,
  useSentence,
  useToast,
} from "../../components";
import { ProductSearch } from "../../parts/ProductSearch";
import { ReasonField } from "../../parts/ReasonField";
import { AdjustLines } from "./AdjustLines";
import { type AdjustedProduct, type AdjustLine, isWhole, KINDS, toAdjustment } from "./adjustment";
import css from "./Inventory.module.css";

function newLine(product: AdjustedProduct): AdjustLine {
  return { ...product, key: newId(), status: "sellable", qty: null, unit_cost: null };
}

/** Stock is counted in the base unit, also when the barcode of a box was scanned. */
async function baseUnit({ product_id, product_unit_id, unit }: SearchHit): Promise<string> {
  if (product_unit_id === null) return unit;
  return (await call("catalogue.get", { product_id })).product.base_unit;
}

/** Corrects stock by hand: a document with a reason, booked at once. */
export function AdjustDialog(props: { product: AdjustedProduct | null; onClose: () => void }) {
  const { product, onClose } = props;
  const { t } = useTranslation();
  const sentence = useSentence();
  const toast = useToast();
  const form = useId();
  const [kind, setKind] = useState<AdjustmentKind>("correction");
  const [reason, setReason] = useState("");
  const [note, setNote] = useState("");
  const [lines, setLines] = useState<AdjustLine[]>(product ? [newLine(product)] : []);
  const adjust = useWrite("inventory.adjust");
  const isReady = lines.length > 0 && lines.every(isWhole) && reason.trim() !== "";
  const confirm = () => {
    if (!isReady || adjust.isPending) return;
    adjust.mutate(toAdjustment(kind, reason, note, lines), {
      onSuccess: ({ number }) => {
        toast.say(t("inventory.adjustDone", { number }));
        onClose();
      },
    });
  };
  const add = async (hit: SearchHit) => {
    if (lines.some((line) => line.product_id === hit.product_id)) return;
    const unit = await baseUnit(hit).catch((thrown) => toast.fail(toFailure(thrown)));
    if (unit) setLines((now) => [...now, newLine({ ...hit, unit })]);
  };
  const said = adjust.error?.fields.lines ?? adjust.error?.fields.unit_cost;
  return (
    <Dialog
      title={t("inventory.adjust")}
      size="large"
      onClose={onClose}
      testId="adjust-dialog"
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={form}
            tone="accent"
            isDisabled={!isReady}
            isPending={adjust.isPending}
            testId="adjust-confirm"
          >
            {t("inventory.adjust")}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={confirm} problem={adjust.error}>
        <p className={css.help}>{t("inventory.adjustHelp")}</p>
        <div className={css.two}>
          <Select
            label={t("inventory.kind")}
            help={t(`inventory.changeHelp.${kind}`)}
            options={KINDS.map((id) => ({ id, label: t(`inventory.kinds.${id}`) }))}
            value={kind}
            onChange={setKind}
            testId="adjust-kind"
          />
          <ReasonField kind="stock" value={reason} onChange={setReason} testId="adjust-reason" />
        </div>
        <ProductSearch
          label={t("inventory.addProduct")}
          onPick={(hit) => void add(hit)}
          testId="adjust-product"
        />
        {said && <Banner tone="danger">{sentence(said)}</Banner>}
        {lines.length === 0 ? (
          <p>{t("inventory.adjustEmpty")}</p>
        ) : (
          <AdjustLines kind={kind} lines={lines} onChange={setLines} />
        )}
        <Field name="note" label={t("common.note")} value={note} onChange={setNote} />
      </Form>
    </Dialog>
  );
}
