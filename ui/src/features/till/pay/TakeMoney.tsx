import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Payment, Quote, Receipt, TenderKind, Ticket } from "../../../api/bindings";
import { useRead, useWrite } from "../../../api/call";
import type { Failure } from "../../../api/failure";
import {
  Button,
  Dialog,
  FailureBanner,
  Field,
  MoneyField,
  useFormat,
  useToast,
} from "../../../components";
import { useScanner } from "../../../input/useScanner";
import { Figures } from "./Figures";
import { Kinds } from "./Kinds";
import { Payments } from "./Payments";
import { QuickCash } from "./QuickCash";
import css from "./TakeMoney.module.css";

const WITH_REFERENCE: TenderKind[] = ["card", "qr", "transfer", "store_credit"];

/** A code scanned while money is on the counter is as long as the shortest barcode. */
const SCAN_LENGTH_MIN = 8;

/** How it is paid, in any mix. Every figure comes from the program. */
export function TakeMoney(props: {
  ticket: Ticket | null;
  /** Absent until the ticket is priced. */
  quote: Quote | undefined;
  problem: Failure | null;
  onSold: (receipt: Receipt) => void;
  onClose: () => void;
}) {
  const { ticket, quote, problem, onSold, onClose } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const format = useFormat();
  const [payments, setPayments] = useState<Payment[]>([]);
  const [kind, setKind] = useState<TenderKind>("cash");
  const [amount, setAmount] = useState<number | null>(null);
  const [reference, setReference] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const settled = useRead(
    "pos.settle",
    { total: quote?.total ?? 0, payments },
    { keep: true, enabled: quote !== undefined },
  );
  const complete = useWrite("pos.complete");

  const state = settled.data;
  const rest = kind === "cash" ? state?.remaining_cash : state?.remaining;
  const isPaid = quote !== undefined && state?.complete === true && !settled.isPlaceholderData;
  const needsNumber = kind === "store_credit" && reference.trim() === "";

  // A barcode must never become an amount of money.
  useScanner({
    settings: { lengthMin: SCAN_LENGTH_MIN },
    onScan: (code) =>
      kind === "store_credit" ? setReference(code) : toast.say(t("till.scanIgnored")),
  });

  const take = (sum: number | null) => {
    const handed = sum ?? rest;
    if (handed === undefined || handed === 0 || needsNumber || isPaid) return;
    setPayments([...payments, { kind, amount: handed, reference: reference.trim() }]);
    setAmount(null);
    setReference("");
  };
  const choose = (next: TenderKind) => {
    setKind(next);
    setAmount(null);
    field.current?.focus();
  };
  const finish = () => {
    // The ticket's id makes a second press harmless; this only spares the program the question.
    if (!isPaid || !ticket || complete.isPending) return;
    complete.mutate(
      { ticket, payments, expected_total: quote.total },
      { onSuccess: onSold, onError: () => field.current?.focus() },
    );
  };

  return (
    <Dialog
      title={t("till.payTitle")}
      onClose={onClose}
      size="large"
      touch
      testId="pay-dialog"
      actions={
        <>
          <Button onPress={onClose} isDisabled={complete.isPending}>
            {t("common.back")}
          </Button>
          <Button
            key={isPaid ? "paid" : "open"}
            autoFocus={isPaid}
            tone="accent"
            size="large"
            isDisabled={!isPaid}
            isPending={complete.isPending}
            onPress={finish}
            testId="pay-complete"
          >
            {complete.isPending ? t("till.completing") : t("till.complete")}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <section className={css.entry} aria-label={t("till.payTitle")}>
          <Kinds
            kind={kind}
            hasCustomer={ticket != null && ticket.customer_id !== null}
            onChoose={choose}
          />
          <form
            className={css.amount}
            onSubmit={(event) => {
              event.preventDefault();
              // Something that is no amount must not count as the exact one.
              const isUnreadable = amount === null && field.current?.value.trim() !== "";
              if (!isUnreadable) take(amount);
            }}
          >
            <MoneyField
              label={t("till.given")}
              value={amount}
              onChange={setAmount}
              placeholder={rest === undefined ? "" : format.typed(rest)}
              inputRef={field}
              isDisabled={isPaid}
              autoFocus
              testId="tender-amount"
            />
            <Button type="submit" isDisabled={isPaid || needsNumber} testId="tender-add">
              {t("till.addTender")}
            </Button>
          </form>
          {WITH_REFERENCE.includes(kind) && (
            <Field
              label={kind === "store_credit" ? t("till.storeCreditNumber") : t("till.reference")}
              value={reference}
              onChange={setReference}
              isDisabled={isPaid}
              testId="tender-reference"
            />
          )}
          {kind === "cash" && !isPaid && (
            <QuickCash
              exact={rest}
              sums={payments.length === 0 ? (quote?.quick_cash ?? []) : []}
              onTake={take}
            />
          )}
          <FailureBanner problem={problem ?? settled.error ?? complete.error} />
        </section>
        <section className={css.state} aria-label={t("till.remaining")}>
          <Figures quote={quote} settled={state} kind={kind} />
          <Payments
            payments={payments}
            isFixed={complete.isPending}
            onRemove={(at) => setPayments(payments.filter((_, index) => index !== at))}
          />
        </section>
      </div>
    </Dialog>
  );
}
