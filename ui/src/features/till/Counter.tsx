import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { SearchHit, TillState } from "../../api/bindings";
import { useRead } from "../../api/call";
import { FailureBanner, useToast } from "../../components";
import { useScanner } from "../../input/useScanner";
import { useQueryParam } from "../../router";
import css from "./Counter.module.css";
import { type DialogName, Dialogs } from "./Dialogs";
import { type KeyName, Keys } from "./Keys";
import { Lines } from "./Lines";
import { Results } from "./Results";
import { SearchBox } from "./SearchBox";
import { TicketHead } from "./TicketHead";
import { Totals } from "./Totals";
import { changeLine, isLast, readTimes, stepQty } from "./ticket";
import { type Adding, useTicket } from "./useTicket";
import { type TillKey, useTillKeys } from "./useTillKeys";

const HITS_MAX = 30;
const NEEDS_LINE: readonly TillKey[] = [
  "qty",
  "unit",
  "serial",
  "discountLine",
  "price",
  "remove",
  "more",
  "less",
];
const NEEDS_TICKET: readonly TillKey[] = ["hold", "discountTicket", "note", "voidTicket"];

/** The open till: ticket at the left, search, keys and total at the right. */
export function Counter({ till }: { till: TillState }) {
  const { t } = useTranslation();
  const toast = useToast();
  const open = useTicket(till.ticket);
  const { ticket, quote } = open;
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  const [selected, setSelected] = useState<string | null>(null);
  const [returning, setReturning] = useQueryParam("return");
  const [dialog, setDialog] = useState<DialogName | null>(returning ? "return" : null);
  const field = useRef<HTMLInputElement>(null);

  const typed = readTimes(text);
  const words = typed.text.trim();
  const search = useRead(
    "catalogue.search",
    { text: words, limit: HITS_MAX, customer_id: ticket?.customer_id ?? null },
    { enabled: words !== "", keep: true },
  );
  const hits = words === "" ? [] : (search.data?.hits ?? []);
  const lines = quote?.lines ?? [];
  const hasLines = ticket !== null && ticket.lines.length > 0;
  const line = lines.find(({ line_id }) => line_id === selected) ?? lines.at(-1);

  const write = (next: string) => {
    setText(next);
    setChosen(0);
  };
  const add = async (what: Adding) => {
    const added = await open.add({ qty: typed.qty, ...what });
    if (!added) return;
    if (added.outcome === "added") {
      setSelected(added.line_id);
      write("");
      const put = added.quote.lines.find(({ line_id }) => line_id === added.line_id);
      if (put?.marks.includes("serial_missing")) return setDialog("serial");
    } else {
      // Several or none: what was scanned is shown in the search, to choose from or to see.
      write(what.code ?? "");
      if (added.outcome === "unknown") toast.say(t("till.codeUnknown", { code: what.code }));
    }
    field.current?.focus();
  };
  const addHit = (hit: SearchHit) => {
    if (hit.variants > 0) write(hit.name);
    else void add({ product_id: hit.product_id, product_unit_id: hit.product_unit_id });
  };
  const enter = () => {
    const hit = hits[chosen];
    if (words === "") return;
    if (hit && !search.isPlaceholderData) addHit(hit);
    else void add({ code: words });
  };
  const step = (lineId: string, by: 1 | -1) => {
    const scanned = ticket?.lines.find(({ line_id }) => line_id === lineId);
    if (!scanned || scanned.label_price !== null) return;
    const { product_id, product_unit_id } = scanned;
    const isPiece = lines.find(({ line_id }) => line_id === lineId)?.serial_tracked;
    if (by < 0 && isLast(scanned.qty)) void open.voidLine(lineId);
    else if (isPiece) void add({ product_id, product_unit_id, qty: "1" });
    else void open.changeLine(lineId, { qty: stepQty(scanned.qty, by) });
  };
  const isOff = (key: TillKey) =>
    (NEEDS_LINE.includes(key) && !line) ||
    (NEEDS_TICKET.includes(key) && !quote) ||
    (key === "pay" && !hasLines && !open.isBusy) ||
    (key === "serial" && !line?.serial_tracked) ||
    (key === "recall" && quote !== undefined);
  const move = (by: 1 | -1) => {
    const at = lines.findIndex(({ line_id }) => line_id === line?.line_id);
    setSelected(lines[Math.min(lines.length - 1, Math.max(0, at + by))]?.line_id ?? null);
  };
  const act = (key: TillKey) => {
    if (isOff(key)) return;
    if (key === "search") field.current?.select();
    else if (key === "up") move(-1);
    else if (key === "down") move(1);
    else if (key === "more" && line) step(line.line_id, 1);
    else if (key === "less" && line) step(line.line_id, -1);
    else if (key === "remove" && line) void open.voidLine(line.line_id);
    else setDialog(key as DialogName);
  };

  useTillKeys(dialog === null, act);
  useScanner({
    enabled: dialog === null,
    onScan: (code) => void add({ code }),
    onTyped: (key) => {
      if (key === "+" || key === "-") return act(key === "+" ? "more" : "less");
      field.current?.focus();
      setText((now) => now + key);
      setChosen(0);
    },
  });

  return (
    <div className={css.counter} data-touch="">
      <h1 className="sr-only">{t("shell.feature.till")}</h1>
      <section className={css.ticket} aria-label={t("till.ticket")}>
        <TicketHead quote={quote} note={ticket?.note ?? ""} till={till} onKey={act} />
        <FailureBanner problem={open.problem} />
        <Lines
          lines={lines}
          scanned={ticket?.lines ?? []}
          selected={line?.line_id ?? null}
          onSelect={setSelected}
          onStep={step}
          onUnit={() => act("unit")}
          onSerial={(id) => {
            setSelected(id);
            setDialog("serial");
          }}
          onCheck={(id) => void open.change((now) => changeLine(now, id, { checked: true }))}
        />
      </section>
      <section className={css.side} aria-label={t("till.search")}>
        <SearchBox
          text={text}
          onText={write}
          onMove={(by) => setChosen((at) => (at + by + hits.length) % Math.max(1, hits.length))}
          onEnter={enter}
          hasResults={hits.length > 0}
          chosen={chosen}
          inputRef={field}
        />
        {words !== "" && search.data ? (
          <Results hits={hits} chosen={chosen} onChoose={setChosen} onAdd={addHit} />
        ) : (
          <Keys
            onKey={act}
            disabled={isOff}
            badge={(key: KeyName) => (key === "recall" && till.held > 0 ? `(${till.held})` : null)}
          />
        )}
        <Totals quote={quote} canPay={!isOff("pay")} onPay={() => act("pay")} />
      </section>
      {dialog && (
        <Dialogs
          name={dialog}
          open={open}
          returning={returning}
          line={line}
          onClose={() => {
            setDialog(null);
            setReturning("");
            field.current?.focus();
          }}
        />
      )}
    </div>
  );
}
