import { useTranslation } from "react-i18next";
import type { CountLine } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Field, Money, useFormat } from "../../components";
import css from "./CountGrid.module.css";

/** Pieces of each note and coin, as typed; empty is none. */
export type Counts = Record<number, string>;

/** What was counted, for the program: it does the sum. */
export function countLines(counts: Counts): CountLine[] {
  return Object.entries(counts)
    .map(([denomination, pieces]) => ({
      denomination: Number(denomination),
      pieces: Number.parseInt(pieces || "0", 10),
    }))
    .filter(({ pieces }) => pieces > 0)
    .sort((a, b) => b.denomination - a.denomination);
}

const PIECES_MAX = 5;

/** Notes and coins, largest first; Enter goes to the next. */
export function CountGrid(props: {
  denominations: readonly number[];
  counts: Counts;
  onChange: (counts: Counts) => void;
  /** `denomination` when a float is counted, `count` when the drawer is. */
  testId: "denomination" | "count";
}) {
  const { denominations, counts, onChange, testId } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const total = useRead("pos.count_total", { counted: countLines(counts) }, { keep: true });
  return (
    <div className={css.count}>
      <div className={css.grid}>
        {denominations.map((value, index) => (
          <div key={value} className={css.row}>
            <span className={css.value}>
              <Money value={value} />
            </span>
            <span aria-hidden="true">×</span>
            <Field
              label={t("sessions.countLine", { value: format.money(value) })}
              labelHidden
              numeric
              inputMode="numeric"
              placeholder="0"
              value={counts[value] ?? ""}
              onChange={(typed) => {
                const pieces = typed.replace(/\D/g, "").slice(0, PIECES_MAX);
                onChange({ ...counts, [value]: pieces });
              }}
              autoFocus={index === 0}
              testId={`${testId}-${value}`}
            />
          </div>
        ))}
      </div>
      <div className={css.total}>
        <span>{t("common.total")}</span>
        <output data-testid={testId === "denomination" ? "float-total" : "count-total"}>
          <Money value={total.data?.total ?? 0} symbol />
        </output>
      </div>
    </div>
  );
}
