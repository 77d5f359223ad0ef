import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { QuotedLine } from "../../../api/bindings";
import { EntryDialog, Field } from "../../../components";
import type { TillDialogProps } from "../Dialogs";
import { changeLine } from "../ticket";

/** Notes are printed: one on the chosen line, one on the whole ticket. */
export function NoteDialog({
  open,
  line,
  onClose,
}: TillDialogProps & { line: QuotedLine | undefined }) {
  const { t } = useTranslation();
  const scanned = open.ticket?.lines.find(({ line_id }) => line_id === line?.line_id);
  const [onTicket, setOnTicket] = useState(open.ticket?.note ?? "");
  const [onLine, setOnLine] = useState(scanned?.note ?? "");
  const confirm = async () => {
    const done = await open.change((now) => {
      const noted = { ...now, note: onTicket.trim() };
      return line ? changeLine(noted, line.line_id, { note: onLine.trim() }) : noted;
    });
    if (done) onClose();
  };
  return (
    <EntryDialog title={t("till.key.note")} onConfirm={() => void confirm()} onClose={onClose}>
      <Field label={t("till.ticketNote")} value={onTicket} onChange={setOnTicket} autoFocus />
      {line && (
        <Field label={t("till.lineNote")} help={line.name} value={onLine} onChange={setOnLine} />
      )}
    </EntryDialog>
  );
}
