import { useTranslation } from "react-i18next";
import type { ReturnQuote } from "../../../api/bindings";
import { Banner, Facts, Money } from "../../../components";
import { useSeat } from "../../../seat";
import css from "./Returns.module.css";

/** What is paid back and how: the program's proposal, by the tender rules of the shop. */
export function Refund({ quote }: { quote: ReturnQuote | undefined }) {
  const { t } = useTranslation();
  const { place } = useSeat();
  return (
    <section className={css.refund} aria-label={t("till.refund")} aria-live="polite">
      <p className={css.refundName}>{t("till.refund")}</p>
      <p className={css.refundSum} data-testid="return-total">
        <Money value={quote?.total ?? 0} symbol />
      </p>
      {quote && (
        <Facts
          numeric
          facts={quote.tenders.map((tender) => ({
            term: t(`till.tender.${tender.kind}`),
            value: <Money value={tender.amount} />,
          }))}
        />
      )}
      {quote && quote.needs_approval.length > 0 && (
        <Banner tone="warn">{t("till.tooOld", { days: place.settings.till.return_days })}</Banner>
      )}
    </section>
  );
}
