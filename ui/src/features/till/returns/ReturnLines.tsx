import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Receipt, ReturnLine, StockStatus } from "../../../api/bindings";
import { useRead, useWrite } from "../../../api/call";
import { newId } from "../../../api/ids";
import {
  Banner,
  Button,
  Dialog,
  FailureBanner,
  Field,
  Money,
  Qty,
  QtyField,
  Select,
  Table,
  useFormat,
} from "../../../components";
import { ReasonField } from "../../../parts/ReasonField";
import { Refund } from "./Refund";
import css from "./Returns.module.css";

const DISPOSITIONS: StockStatus[] = ["sellable", "quarantine", "scrap"];

interface Coming {
  qty: string | null;
  /** Of the piece in hand, where the line was sold with a serial number. */
  serial: string;
  disposition: StockStatus;
}

/** Which lines come back, how many, why, and where the goods go. */
export function ReturnLines(props: {
  sale: Receipt;
  onDone: (receipt: Receipt) => void;
  onClose: () => void;
}) {
  const { sale, onDone, onClose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const [returnId] = useState(newId);
  const [coming, setComing] = useState<Record<string, Coming>>({});
  const [reason, setReason] = useState("");
  const take = useWrite("pos.return");

  const of = (lineId: string): Coming =>
    coming[lineId] ?? { qty: null, serial: "", disposition: "sellable" };
  const set = (lineId: string, change: Partial<Coming>) =>
    setComing({ ...coming, [lineId]: { ...of(lineId), ...change } });
  const lines = sale.lines.flatMap((line): ReturnLine[] => {
    const { qty, serial, disposition } = of(line.line_id);
    const none = qty === null || /^[0.]*$/.test(qty);
    return none ? [] : [{ line_id: line.line_id, qty, serial, disposition, reason: reason.trim() }];
  });
  const asked = { return_id: returnId, sale_id: sale.sale_id, lines, expected_total: null };
  const quote = useRead("pos.return_quote", asked, { enabled: lines.length > 0, keep: true });
  const ready = lines.length > 0 && reason.trim() !== "" && quote.data && !quote.isPlaceholderData;
  const confirm = () => {
    if (!quote.data || take.isPending) return;
    take.mutate({ ...asked, expected_total: quote.data.total }, { onSuccess: onDone });
  };
  const left = sale.lines.filter((line) => line.returnable !== "0");

  return (
    <Dialog
      title={`${t("till.returnTitle")} ${sale.number}`}
      onClose={onClose}
      size="large"
      touch
      testId="return-dialog"
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            tone="accent"
            size="large"
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
        <p className={css.about}>
          {t("till.soldOn", { date: format.dateTime(sale.sold_at), name: sale.cashier })}
        </p>
        {left.length === 0 && <Banner tone="warn">{t("till.nothingLeft")}</Banner>}
        <Table
          label={t("till.returnTitle")}
          rows={sale.lines}
          keyOf={(line) => line.line_id}
          columns={[
            {
              id: "name",
              title: t("common.name"),
              cell: (line) => (
                <>
                  {line.name}
                  {line.serial && <small> {t("till.serialIs", { serial: line.serial })}</small>}
                  <br />
                  <small>
                    {line.returnable === line.qty
                      ? null
                      : t("till.stillReturnable", { qty: format.qty(line.returnable) })}
                  </small>
                </>
              ),
            },
            {
              id: "sold",
              title: t("till.soldQty"),
              numeric: true,
              cell: (line) => <Qty value={line.qty} unit={line.unit} />,
            },
            {
              id: "total",
              title: t("common.total"),
              numeric: true,
              cell: (line) => <Money value={line.total} />,
            },
            {
              id: "qty",
              title: t("till.returnQty"),
              width: "9rem",
              cell: (line) =>
                line.serial ? (
                  <Field
                    label={`${t("till.serialTitle")}: ${line.name}`}
                    labelHidden
                    value={of(line.line_id).serial}
                    onChange={(serial) =>
                      set(line.line_id, { serial, qty: serial.trim() === "" ? null : line.qty })
                    }
                    isDisabled={line.returnable === "0"}
                    placeholder={t("till.serialTitle")}
                    testId={`return-line-${line.line_no}-serial`}
                  />
                ) : (
                  <QtyField
                    label={`${t("till.returnQty")}: ${line.name}`}
                    labelHidden
                    value={of(line.line_id).qty}
                    onChange={(qty) => set(line.line_id, { qty })}
                    isDisabled={line.returnable === "0"}
                    placeholder="0"
                    testId={`return-line-${line.line_no}-qty`}
                  />
                ),
            },
            {
              id: "goes",
              title: t("till.dispositionLabel"),
              width: "13rem",
              cell: (line) => (
                <Select
                  label={`${t("till.dispositionLabel")}: ${line.name}`}
                  labelHidden
                  options={DISPOSITIONS.map((id) => ({ id, label: t(`till.disposition.${id}`) }))}
                  value={of(line.line_id).disposition}
                  onChange={(disposition) => set(line.line_id, { disposition })}
                  isDisabled={line.returnable === "0"}
                />
              ),
            },
          ]}
        />
        <div className={css.foot}>
          <ReasonField kind="return" value={reason} onChange={setReason} testId="return-reason" />
          <Refund quote={lines.length > 0 ? quote.data : undefined} />
        </div>
        <FailureBanner problem={take.error ?? quote.error} />
      </div>
    </Dialog>
  );
}
