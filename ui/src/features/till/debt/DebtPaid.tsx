import { FileDown, Printer } from "lucide-react";
import { useEffect, useEffectEvent } from "react";
import { useTranslation } from "react-i18next";
import type { AccountPayment } from "../../../api/bindings";
import { Button, Dialog, Money } from "../../../components";
import { PaperPreview } from "../../../parts/PaperPreview";
import { usePaper } from "../../../parts/usePaper";
import { useSeat } from "../../../seat";
import css from "../pay/DoneDialog.module.css";

/** The debt that was paid: what is still owed, the change, and the slip. */
export function DebtPaid({ paid, onClose }: { paid: AccountPayment; onClose: () => void }) {
  const { t } = useTranslation();
  const { place } = useSeat();
  const ref = { kind: "account_payment", payment_id: paid.payment_id } as const;
  const paper = usePaper(ref);
  const always = place.settings.receipt.print === "always";
  const finish = useEffectEvent(() => {
    if (always) paper.print();
  });
  useEffect(() => finish(), []);
  return (
    <Dialog
      title={t("till.debtDone")}
      onClose={onClose}
      size="large"
      touch
      testId="debt-done"
      actions={
        <>
          <Button icon={<FileDown />} isPending={paper.isSaving} onPress={paper.savePdf}>
            {t("common.pdf")}
          </Button>
          <Button icon={<Printer />} isPending={paper.isPrinting} onPress={() => paper.print()}>
            {t("till.printer")}
          </Button>
          <Button autoFocus tone="accent" size="large" hint="Enter" onPress={onClose}>
            {t("till.next")}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <div className={css.figures}>
          <p className={css.number} data-testid="debt-done-number" data-selectable>
            {paid.number}
          </p>
          <dl className={css.sums}>
            <div>
              <dt>{t("till.debtAmount")}</dt>
              <dd>
                <Money value={paid.amount} symbol />
              </dd>
            </div>
            <div>
              <dt>{t("till.debtLeft")}</dt>
              <dd>
                <Money value={paid.left} symbol />
              </dd>
            </div>
          </dl>
          <p className={css.changeName}>{t("till.changeDue")}</p>
          <p className={css.change}>
            <Money value={paid.change} symbol />
          </p>
        </div>
        <PaperPreview paper={ref} />
      </div>
    </Dialog>
  );
}
