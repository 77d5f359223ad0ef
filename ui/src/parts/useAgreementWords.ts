// What this till and the centre count, in words: on the screen of the line, and beside a Z report.
import { useTranslation } from "react-i18next";
import type { ReconciledView, Tally } from "../api/bindings";
import { useFormat } from "../components";

export function useAgreementWords() {
  const { t } = useTranslation();
  const format = useFormat();
  const totals = ({ totals }: Tally) =>
    totals
      .map(({ currency, digits, total }) => format.moneyOf(total, { code: currency, digits }))
      .join(" + ") || format.money(0);
  const receipts = ({ receipts }: Tally) => t("sync.reconciled.receipts", { count: receipts });
  const both = (tally: Tally) => `${receipts(tally)}, ${totals(tally)}`;
  return {
    words({ agreement, ours, theirs }: ReconciledView): string {
      if (agreement === "different" && ours && theirs) {
        return t("sync.reconciled.different", { ours: both(ours), theirs: both(theirs) });
      }
      if (ours === null) return t("sync.reconciled.not_yet");
      const counted = { receipts: receipts(ours), total: totals(ours) };
      return agreement === "same"
        ? t("sync.reconciled.same", counted)
        : t("sync.reconciled.not_yet_counted", counted);
    },
  };
}
