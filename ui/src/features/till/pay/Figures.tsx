import { useTranslation } from "react-i18next";
import type { Settled, TenderKind } from "../../../api/bindings";
import { Money, Skeleton, useFormat } from "../../../components";
import css from "./TakeMoney.module.css";

/** What is owed, and in the largest letters what is still missing or goes back. */
export function Figures(props: {
  total: number | undefined;
  settled: Settled | undefined;
  kind: TenderKind;
}) {
  const { total, settled, kind } = props;
  const { t } = useTranslation();
  const format = useFormat();
  // Still being priced: a figure would be a guess.
  if (total === undefined) return <Skeleton rows={3} />;
  const rest = kind === "cash" ? settled?.remaining_cash : settled?.remaining;
  return (
    <div className={css.figures} aria-live="polite">
      <div className={css.owed}>
        <span>{t("till.toPay")}</span>
        <Money value={total} symbol />
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
            <Money value={rest ?? total} symbol />
          </output>
        </div>
      )}
    </div>
  );
}
