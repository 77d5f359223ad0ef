import { FileDown, Printer } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Receipt } from "../../../api/bindings";
import { call } from "../../../api/call";
import { Button, Dialog, Money } from "../../../components";
import { PaperPreview } from "../../../parts/PaperPreview";
import { usePaper } from "../../../parts/usePaper";
import { useSeat } from "../../../seat";
import css from "./DoneDialog.module.css";

/** Stored, numbered, paid: the change in large letters, the receipt, and on to the next customer. */
export function DoneDialog({ receipt, onClose }: { receipt: Receipt; onClose: () => void }) {
  const { t } = useTranslation();
  const { place } = useSeat();
  const { sale_id } = receipt;
  const paper = usePaper({ kind: "receipt", sale_id });
  const always = place.settings.receipt.print === "always";
  const cash = receipt.tenders.some(({ kind }) => kind === "cash");

  // The drawer opens for cash: with the receipt where it is printed at once, else by itself.
  const finish = useEffectEvent(() => {
    if (always) paper.print(cash);
    else if (cash) call("print.drawer", { sale_id }).catch(() => undefined);
  });
  useEffect(() => finish(), []);

  return (
    <Dialog
      title={receipt.kind === "sale" ? t("till.saleDone") : t("till.returnDone")}
      onClose={onClose}
      size="large"
      touch
      testId="sale-done"
      actions={
        <>
          <Button
            icon={<FileDown />}
            isPending={paper.isSaving}
            onPress={paper.savePdf}
            testId="receipt-pdf"
          >
            {t("common.pdf")}
          </Button>
          <Button
            icon={<Printer />}
            isPending={paper.isPrinting}
            onPress={() => paper.print()}
            testId="receipt-print"
          >
            {t("till.printer")}
          </Button>
          <Button
            autoFocus
            tone="accent"
            size="large"
            hint="Enter"
            onPress={onClose}
            testId="sale-done-next"
          >
            {t("till.next")}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <div className={css.figures}>
          <p className={css.number} data-testid="sale-done-number" data-selectable>
            {receipt.number}
          </p>
          <dl className={css.sums}>
            <div>
              <dt>{t("common.total")}</dt>
              <dd>
                <Money value={receipt.total} symbol />
              </dd>
            </div>
            {receipt.tenders.map((tender, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: tenders of a posted sale never move
              <div key={index}>
                <dt>{t(`till.tender.${tender.kind}`)}</dt>
                <dd>
                  <Money value={tender.tendered} />
                </dd>
              </div>
            ))}
          </dl>
          <p className={css.changeName}>{t("till.changeDue")}</p>
          <p className={css.change}>
            <Money value={receipt.change} symbol />
          </p>
          {receipt.store_credit && (
            <p>{t("till.storeCreditIssued", { number: receipt.store_credit.number })}</p>
          )}
        </div>
        <PaperPreview paper={{ kind: "receipt", sale_id }} />
      </div>
    </Dialog>
  );
}
