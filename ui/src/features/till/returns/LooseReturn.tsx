import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Receipt, SearchHit, StockStatus } from "../../../api/bindings";
import { useRead, useWrite } from "../../../api/call";
import { newId } from "../../../api/ids";
import {
  Banner,
  Button,
  Dialog,
  FailureBanner,
  Field,
  IconButton,
  Picker,
  QtyField,
  Select,
} from "../../../components";
import { ReasonField } from "../../../parts/ReasonField";
import css from "./Returns.module.css";

const DISPOSITIONS: StockStatus[] = ["sellable", "quarantine", "scrap"];
const HITS_MAX = 20;

interface Brought {
  hit: SearchHit;
  qty: string | null;
  serial: string;
  disposition: StockStatus;
}

function isComplete({ hit, qty, serial }: Brought): boolean {
  return qty !== null && (!hit.serial_tracked || serial.trim() !== "");
}

/** Goods without a receipt: a name, a manager, store credit at the lowest recent price. */
export function LooseReturn(props: { onDone: (receipt: Receipt) => void; onClose: () => void }) {
  const { onDone, onClose } = props;
  const { t } = useTranslation();
  const [returnId] = useState(newId);
  const [brought, setBrought] = useState<Brought[]>([]);
  const [search, setSearch] = useState("");
  const [holder, setHolder] = useState("");
  const [reason, setReason] = useState("");
  const found = useRead(
    "catalogue.search",
    { text: search.trim(), limit: HITS_MAX, customer_id: null },
    { enabled: search.trim() !== "", keep: true },
  );
  const take = useWrite("pos.return_without_receipt");
  const hits = search.trim() === "" ? [] : (found.data?.hits ?? []);
  const ready =
    brought.length > 0 && brought.every(isComplete) && holder.trim() !== "" && reason.trim() !== "";
  const change = (at: number, part: Partial<Brought>) =>
    setBrought(brought.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const confirm = () => {
    if (take.isPending) return;
    const lines = brought.map(({ hit, qty, serial, disposition }) => ({
      product_id: hit.product_id,
      product_unit_id: hit.product_unit_id,
      qty: qty ?? "",
      serial: serial.trim(),
      disposition,
      reason: reason.trim(),
    }));
    take.mutate(
      { return_id: returnId, customer_id: null, holder: holder.trim(), lines },
      { onSuccess: onDone },
    );
  };
  return (
    <Dialog
      title={t("till.noReceiptTitle")}
      onClose={onClose}
      size="large"
      touch
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            tone="accent"
            isDisabled={!ready}
            isPending={take.isPending}
            onPress={confirm}
            testId="return-confirm"
          >
            {t("till.returnConfirm")}
          </Button>
        </>
      }
    >
      <div className={css.return}>
        <Banner tone="warn">{t("till.noReceiptHelp")}</Banner>
        <Picker
          label={t("till.searchHelp")}
          options={hits.map((hit) => ({ id: hit.product_id, label: hit.name, note: hit.code }))}
          search={search}
          onSearch={setSearch}
          onPick={(id) => {
            const hit = hits.find(({ product_id }) => product_id === id);
            const one = { qty: "1", serial: "", disposition: "sellable" as const };
            if (hit) setBrought([...brought, { hit, ...one }]);
            setSearch("");
          }}
          emptyText={t("till.noHits")}
        />
        {brought.map(({ hit, qty, serial, disposition }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an article brought is its place in the list
          <div key={at} className={css.line}>
            <strong>{hit.name}</strong>
            {hit.serial_tracked && (
              <Field
                label={t("till.serialTitle")}
                value={serial}
                onChange={(next) => change(at, { serial: next })}
                testId={`loose-${at + 1}-serial`}
              />
            )}
            <QtyField
              label={t("till.returnQty")}
              unit={hit.unit}
              value={qty}
              onChange={(next) => change(at, { qty: next })}
            />
            <Select
              label={t("till.dispositionLabel")}
              options={DISPOSITIONS.map((id) => ({ id, label: t(`till.disposition.${id}`) }))}
              value={disposition}
              onChange={(next) => change(at, { disposition: next })}
            />
            <IconButton
              label={t("common.remove")}
              icon={<Trash2 />}
              onPress={() => setBrought(brought.filter((_, index) => index !== at))}
            />
          </div>
        ))}
        <Field
          name="holder"
          label={t("till.holder")}
          help={t("till.holderHelp")}
          value={holder}
          onChange={setHolder}
        />
        <ReasonField kind="return" value={reason} onChange={setReason} testId="return-reason" />
        <FailureBanner problem={take.error} />
      </div>
    </Dialog>
  );
}
