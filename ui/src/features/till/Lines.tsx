import { Minus, Plus, ScanBarcode, TriangleAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { LineMark, QuotedLine, TicketLine } from "../../api/bindings";
import { Button, EmptyState, IconButton, Money, Qty, UnitPrice, useFormat } from "../../components";
import css from "./Lines.module.css";

export interface LinesProps {
  /** As priced. */
  lines: readonly QuotedLine[];
  /** As scanned. */
  scanned: readonly TicketLine[];
  selected: string | null;
  onSelect: (lineId: string) => void;
  onStep: (lineId: string, step: 1 | -1) => void;
  onUnit: () => void;
  onSerial: (lineId: string) => void;
  onCheck: (lineId: string) => void;
}

/** The ticket as the customer could read it from across the counter. */
export function Lines(props: LinesProps) {
  const { lines, scanned, selected, onSelect, onStep, onUnit, onSerial, onCheck } = props;
  const { t } = useTranslation();
  if (lines.length === 0) {
    return (
      <div className={css.empty} data-testid="ticket">
        <EmptyState title={t("till.emptyTicket")} icon={<ScanBarcode />}>
          {t("till.emptyTicketHelp")}
        </EmptyState>
      </div>
    );
  }
  return (
    <ol className={css.lines} aria-label={t("till.ticket")} data-testid="ticket">
      {lines.map((line, index) => (
        <Line
          key={line.line_id}
          line={line}
          scanned={scanned.find(({ line_id }) => line_id === line.line_id)}
          testId={`ticket-line-${index + 1}`}
          isSelected={line.line_id === selected}
          onSelect={() => onSelect(line.line_id)}
          onStep={(step) => onStep(line.line_id, step)}
          onUnit={onUnit}
          onSerial={() => onSerial(line.line_id)}
          onCheck={() => onCheck(line.line_id)}
        />
      ))}
    </ol>
  );
}

/** What a hand can do at a line. */
interface Hands {
  onUnit: () => void;
  onSerial: () => void;
  onCheck: () => void;
}

function Line(
  props: Hands & {
    line: QuotedLine;
    scanned: TicketLine | undefined;
    testId: string;
    isSelected: boolean;
    onSelect: () => void;
    onStep: (step: 1 | -1) => void;
  },
) {
  const { line, scanned, testId, isSelected, onSelect, onStep, ...hands } = props;
  const steps = isSelected && scanned?.label_price === null;
  const { t } = useTranslation();
  const row = useRef<HTMLLIElement>(null);
  // A line scanned below the edge comes into view.
  useEffect(() => {
    if (isSelected) row.current?.scrollIntoView({ block: "nearest" });
  }, [isSelected]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the till choose lines
    <li
      ref={row}
      aria-current={isSelected}
      className={css.line}
      onClick={onSelect}
      data-testid={testId}
    >
      <div className={css.qty}>
        {steps && (
          <IconButton
            label={t("till.less")}
            icon={<Minus />}
            excludeFromTabOrder
            onPress={() => onStep(-1)}
          />
        )}
        <span className={css.count}>
          <Qty value={line.qty} />
        </span>
        {steps && (
          <IconButton
            label={t("till.moreOf")}
            icon={<Plus />}
            excludeFromTabOrder
            onPress={() => onStep(1)}
          />
        )}
      </div>
      <div className={css.what}>
        <span className={css.name}>{line.name}</span>
        <Detail line={line} note={scanned?.note ?? ""} canChange={steps} {...hands} />
      </div>
      <span className={css.total}>
        <Money value={line.total} />
      </span>
    </li>
  );
}

/** What stands small under the name: unit price, discount, tax, and what the cashier should know. */
function Detail(props: Hands & { line: QuotedLine; note: string; canChange: boolean }) {
  const { line, note, canChange, onUnit, onSerial, onCheck } = props;
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <span className={css.detail}>
      <span>
        {canChange ? (
          <Button size="small" tone="quiet" excludeFromTabOrder onPress={onUnit} testId="line-unit">
            {line.unit}
          </Button>
        ) : (
          line.unit
        )}{" "}
        × <UnitPrice value={line.unit_price} />
        {line.unit_price !== line.list_price && (
          <s className={css.old}>
            <UnitPrice value={line.list_price} />
          </s>
        )}
      </span>
      {line.line_discount !== 0 && (
        <span className={css.discount}>
          {t("till.discountOf", { amount: format.money(line.line_discount) })}
        </span>
      )}
      <span>{line.tax_code}</span>
      {line.serial && (
        <Button size="small" tone="quiet" excludeFromTabOrder onPress={onSerial}>
          {t("till.serialIs", { serial: line.serial })}
        </Button>
      )}
      {note && <span className={css.note}>{note}</span>}
      {line.marks.map((mark) => (
        <Mark key={mark} mark={mark} line={line} onSerial={onSerial} onCheck={onCheck} />
      ))}
    </span>
  );
}

/** A calm word beside the line; only what must be checked asks for a hand. */
function Mark(props: Pick<Hands, "onSerial" | "onCheck"> & { mark: LineMark; line: QuotedLine }) {
  const { mark, line, onSerial, onCheck } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const words = t(`till.mark.${mark}`, { qty: format.qty(line.on_hand) });
  if (mark === "price_by_hand") return <span className={css.note}>{words}</span>;
  return (
    <span className={css.warning}>
      <TriangleAlert aria-hidden="true" />
      {mark === "must_check" ? t(`till.restriction.${restriction(line)}`) : words}
      {mark === "must_check" && (
        <Button size="small" onPress={onCheck}>
          {t("till.checked")}
        </Button>
      )}
      {mark === "serial_missing" && (
        <Button size="small" excludeFromTabOrder onPress={onSerial} testId="line-serial">
          {t("till.serialEnter")}
        </Button>
      )}
    </span>
  );
}

function restriction(line: QuotedLine): "age" | "licence" | "prescription" | "other" {
  const { restriction: kind } = line;
  return kind === "age" || kind === "licence" || kind === "prescription" ? kind : "other";
}
