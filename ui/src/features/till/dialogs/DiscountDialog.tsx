import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Discount, QuotedLine } from "../../../api/bindings";
import { Button, EntryDialog, MoneyField, RateField, Row } from "../../../components";
import type { TillDialogProps } from "../Dialogs";
import { changeLine } from "../ticket";
import { selectAll } from "./QtyDialog";

/** A discount on a line, or on the whole ticket when there is no line. */
export function DiscountDialog({ open, line, onClose }: TillDialogProps & { line?: QuotedLine }) {
  const { t } = useTranslation();
  const given = line
    ? open.ticket?.lines.find(({ line_id }) => line_id === line.line_id)?.discount
    : open.ticket?.discount;
  const [kind, setKind] = useState<"percent" | "amount">(
    given && "amount" in given ? "amount" : "percent",
  );
  const [rate, setRate] = useState<string | null>(
    given && "percent" in given ? given.percent : null,
  );
  const [amount, setAmount] = useState<number | null>(
    given && "amount" in given ? given.amount : null,
  );
  const discount: Discount | null =
    kind === "percent" ? (rate ? { percent: rate } : null) : amount ? { amount } : null;
  const apply = async (next: Discount | null) => {
    const done = await open.change((now) =>
      line ? changeLine(now, line.line_id, { discount: next }) : { ...now, discount: next },
    );
    if (done) onClose();
  };
  return (
    <EntryDialog
      title={line ? line.name : t("till.key.discountTicket")}
      isReady={discount !== null}
      onConfirm={() => void apply(discount)}
      onClose={onClose}
      others={
        given && (
          <Button tone="quiet" onPress={() => void apply(null)}>
            {t("till.discountRemove")}
          </Button>
        )
      }
    >
      <Row>
        <Button
          aria-pressed={kind === "percent"}
          tone={kind === "percent" ? "accent" : "plain"}
          onPress={() => setKind("percent")}
        >
          {t("till.byPercent")}
        </Button>
        <Button
          aria-pressed={kind === "amount"}
          tone={kind === "amount" ? "accent" : "plain"}
          onPress={() => setKind("amount")}
        >
          {t("till.byAmount")}
        </Button>
      </Row>
      {kind === "percent" ? (
        <RateField
          key="percent"
          name="discount"
          label={t("till.percent")}
          value={rate}
          onChange={setRate}
          autoFocus
          onFocus={selectAll}
        />
      ) : (
        <MoneyField
          key="amount"
          name="discount"
          label={t("till.amount")}
          value={amount}
          onChange={setAmount}
          autoFocus
          onFocus={selectAll}
        />
      )}
    </EntryDialog>
  );
}
