import { Trash2, UserRound } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Quote, TillState } from "../../api/bindings";
import { Banner, Button, IconButton, useFormat } from "../../components";
import css from "./Counter.module.css";
import type { TillKey } from "./useTillKeys";

/** For whom the ticket is, what they may still owe, and the way to give it up. */
export function TicketHead(props: {
  quote: Quote | undefined;
  note: string;
  till: TillState;
  onKey: (key: TillKey) => void;
}) {
  const { quote, note, till, onKey } = props;
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <header className={css.head}>
      <Button tone="quiet" icon={<UserRound />} hint="F6" onPress={() => onKey("customer")}>
        {quote?.customer ?? t("till.customerNone")}
      </Button>
      {quote?.credit_available != null && (
        <span className={css.credit}>
          {t("till.creditLeft", { amount: format.money(quote.credit_available) })}
        </span>
      )}
      {note && <span className={css.note}>{note}</span>}
      <span className={css.gap} />
      {till.past_midnight && <Banner tone="warn">{t("till.pastMidnight")}</Banner>}
      {quote && (
        <IconButton
          label={t("till.voidTicket")}
          icon={<Trash2 />}
          onPress={() => onKey("voidTicket")}
        />
      )}
    </header>
  );
}
