import { useTranslation } from "react-i18next";
import type { Quote } from "../../api/bindings";
import { Button, Money } from "../../components";
import css from "./Totals.module.css";

/** What the ticket comes to, and the key that takes the money. */
export function Totals(props: { quote: Quote | undefined; onPay: () => void; canPay: boolean }) {
  const { quote, onPay, canPay } = props;
  const { t } = useTranslation();
  return (
    <section className={css.totals} aria-label={t("common.total")}>
      <dl className={css.parts}>
        <div>
          <dt>{t("till.pieces", { count: quote?.pieces ?? 0 })}</dt>
          <dd>
            <Money value={quote?.gross ?? 0} />
          </dd>
        </div>
        {quote && quote.discount !== 0 && (
          <div className={css.discount}>
            <dt>{t("till.discount")}</dt>
            <dd>
              −<Money value={quote.discount} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t("common.tax")}</dt>
          <dd>
            <Money value={quote?.tax ?? 0} />
          </dd>
        </div>
      </dl>
      <div className={css.total}>
        <span>{t("common.total")}</span>
        <output aria-live="polite" data-testid="ticket-total">
          <Money value={quote?.total ?? 0} symbol />
        </output>
      </div>
      <Button
        tone="accent"
        size="large"
        wide
        hint="F12"
        isDisabled={!canPay}
        onPress={onPay}
        testId="pay"
      >
        {t("till.key.pay")}
      </Button>
    </section>
  );
}
