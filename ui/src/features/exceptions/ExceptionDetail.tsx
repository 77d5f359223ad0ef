import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Exception, ExceptionState } from "../../api/bindings";
import { useWrite } from "../../api/call";
import {
  Button,
  EntryDialog,
  type Fact,
  Facts,
  IconButton,
  Stack,
  TextArea,
  useFormat,
  useToast,
} from "../../components";
import { navigate } from "../../router";
import { useMay } from "../../seat";
import css from "./Exceptions.module.css";
import { remedy, useWords } from "./words";

type Decision = Extract<ExceptionState, "settled" | "accepted">;

/** One exception: what happened, where it is put right, and what was decided. */
export function ExceptionDetail({ row, onClose }: { row: Exception; onClose: () => void }) {
  const { t } = useTranslation();
  const words = useWords();
  const maySettle = useMay("exceptions:settle");
  const [decision, setDecision] = useState<Decision | null>(null);
  const cure = remedy(row);
  const isOpen = row.state === "open";
  return (
    <Stack>
      <div className={css.title}>
        <strong>{words.rule(row)}</strong>
        <IconButton label={t("common.close")} icon={<X />} size="small" onPress={onClose} />
      </div>
      <p className={css.sentence} data-testid="exception-sentence">
        {words.sentence(row)}
      </p>
      <About row={row} />
      {isOpen && cure && (
        <Button tone="accent" onPress={() => navigate(...cure.path)} testId="exception-remedy">
          {t(`exceptions.action.${cure.action}`)}
        </Button>
      )}
      {isOpen && row.closes_itself && <p className={css.soft}>{t("exceptions.itself")}</p>}
      {isOpen && maySettle && !row.closes_itself && (
        <Button onPress={() => setDecision("settled")} testId="exception-settle">
          {t("exceptions.settle")}
        </Button>
      )}
      {isOpen && maySettle && (
        <Button onPress={() => setDecision("accepted")} testId="exception-accept">
          {t("exceptions.accept")}
        </Button>
      )}
      {decision && (
        <Decide row={row} decision={decision} onDone={onClose} onClose={() => setDecision(null)} />
      )}
    </Stack>
  );
}

function About({ row }: { row: Exception }) {
  const { t } = useTranslation();
  const format = useFormat();
  const words = useWords();
  const facts: Fact[] = [
    { term: t("exceptions.where"), value: words.where(row) },
    { term: t("exceptions.owner"), value: words.owner(row) },
    { term: t("exceptions.age"), value: format.dateTime(row.raised_at) },
    { term: t("exceptions.due"), value: format.date(row.due_date) },
  ];
  if (row.state !== "open") {
    facts.push({ term: t("exceptions.state"), value: t(`exceptions.${row.state}`) });
    facts.push({
      term: t("exceptions.closedBy"),
      value: row.closed_by || t("exceptions.closedByItself"),
    });
    if (row.closed_at !== null) {
      facts.push({ term: t("common.time"), value: format.dateTime(row.closed_at) });
    }
    if (row.note) facts.push({ term: t("common.note"), value: row.note });
  }
  return <Facts facts={facts} />;
}

function Decide(props: {
  row: Exception;
  decision: Decision;
  onDone: () => void;
  onClose: () => void;
}) {
  const { row, decision, onDone, onClose } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const settle = useWrite("exceptions.settle");
  const [note, setNote] = useState("");
  const send = () =>
    settle.mutate(
      { exception_id: row.exception_id, state: decision, note },
      {
        onSuccess: () => {
          toast.say(t("exceptions.noted"));
          onDone();
        },
      },
    );
  return (
    <EntryDialog
      title={t(decision === "settled" ? "exceptions.settle" : "exceptions.accept")}
      confirmTestId="exception-confirm"
      isReady={note.trim() !== ""}
      isPending={settle.isPending}
      problem={settle.error}
      onConfirm={send}
      onClose={onClose}
    >
      {decision === "accepted" && <p className={css.soft}>{t("exceptions.acceptHelp")}</p>}
      <TextArea
        name="note"
        label={t("exceptions.note")}
        value={note}
        onChange={setNote}
        autoFocus
      />
    </EntryDialog>
  );
}
