import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Payment, TenderKind } from "../../../api/bindings";
import { useRead } from "../../../api/call";
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

export interface TakeMoneyProps {
  title: string;
  /** What is to be paid; absent until it is priced. */
  owed: { total: number; quick_cash: readonly number[] } | undefined;
  kinds: readonly TenderKind[];
  /** Kinds that are shown but cannot be chosen now. */
  offKinds?: readonly TenderKind[];
  problem: Failure | null;
  isPending: boolean;
  onFinish: (payments: Payment[], refocus: () => void) => void;
  onClose: () => void;
}

/** How it is paid, in any mix. Every figure comes from the program. */
export function TakeMoney(props: TakeMoneyProps) {
  const { owed, problem, isPending, onFinish, onClose } = props;
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
    { total: owed?.total ?? 0, payments },
    { keep: true, enabled: owed !== undefined },
  );

  const state = settled.data;
  const rest = kind === "cash" ? state?.remaining_cash : state?.remaining;
  const isPaid = owed !== undefined && state?.complete === true && !settled.isPlaceholderData;
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
    // The document's id makes a second press harmless; this only spares the program the question.
    if (!isPaid || isPending) return;
    onFinish(payments, () => field.current?.focus());
  };

  return (
    <Dialog
      title={props.title}
      onClose={onClose}
      size="large"
      touch
      testId="pay-dialog"
      actions={
        <>
          <Button onPress={onClose} isDisabled={isPending}>
            {t("common.back")}
          </Button>
          <Button
            key={isPaid ? "paid" : "open"}
            autoFocus={isPaid}
            tone="accent"
            size="large"
            isDisabled={!isPaid}
            isPending={isPending}
            onPress={finish}
            testId="pay-complete"
          >
            {isPending ? t("till.completing") : t("till.complete")}
          </Button>
        </>
      }
    >
      <div className={css.columns}>
        <section className={css.entry} aria-label={t("till.payTitle")}>
          <Kinds kinds={props.kinds} off={props.offKinds ?? []} kind={kind} onChoose={choose} />
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
              sums={payments.length === 0 ? (owed?.quick_cash ?? []) : []}
              onTake={take}
            />
          )}
          <FailureBanner problem={problem ?? settled.error} />
        </section>
        <section className={css.state} aria-label={t("till.remaining")}>
          <Figures total={owed?.total} settled={state} kind={kind} />
          <Payments
            payments={payments}
            isFixed={isPending}
            onRemove={(at) => setPayments(payments.filter((_, index) => index !== at))}
          />
        </section>
      </div>
    </Dialog>
  );
}
