import { useTranslation } from "react-i18next";
import type { Quote, Settled, TenderKind } from "../../../api/bindings";
import { Money, Skeleton, useFormat } from "../../../components";
import css from "./TakeMoney.module.css";

/** What is owed, and in the largest letters what is still missing or goes back. */
export function Figures(props: {
  quote: Quote | undefined;
  settled: Settled | undefined;
  kind: TenderKind;
}) {
  const { quote, settled, kind } = props;
  const { t } = useTranslation();
  const format = useFormat();
  // Still being priced: a figure would be a guess.
  if (!quote) return <Skeleton rows={3} />;
  const rest = kind === "cash" ? settled?.remaining_cash : settled?.remaining;
  return (
    <div className={css.figures} aria-live="polite">
      <div className={css.owed}>
        <span>{t("till.toPay")}</span>
        <Money value={quote.total} symbol />
      </div>
      {settled !== undefined && settled.rounding !== 0 && (
        <p className={css.rounding}>
          {t("till.cashRounded", { amount: format.money(settled.rounding) })}
        </p>
      )}
      {settled?.complete ? (
        <div className={css.big}>
          <span>{t("till.change")}</span>
          <output data-testid="pay-change">
            <Money value={settled.change} symbol />
          </output>
        </div>
      ) : (
        <div className={css.big}>
          <span>{t("till.remaining")}</span>
          <output data-testid="pay-remaining">
            <Money value={rest ?? quote.total} symbol />
          </output>
        </div>
      )}
    </div>
  );
}
