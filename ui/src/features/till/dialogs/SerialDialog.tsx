import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EntryDialog, Field } from "../../../components";
import { useScanner } from "../../../input/useScanner";
import type { LineDialogProps } from "../Dialogs";
import { changeLine } from "../ticket";
import { selectAll } from "./QtyDialog";

/** Which single piece it is: scanned from the box or typed. */
export function SerialDialog({ open, line, onClose }: LineDialogProps) {
  const { t } = useTranslation();
  const [serial, setSerial] = useState(line.serial);
  const put = async (text: string) => {
    const change = { serial: text.trim() };
    if (await open.change((now) => changeLine(now, line.line_id, change))) onClose();
  };
  useScanner({
    onScan: (code) => {
      setSerial(code);
      void put(code);
    },
  });
  return (
    <EntryDialog
      title={line.name}
      isReady={serial.trim() !== ""}
      onConfirm={() => void put(serial)}
      onClose={onClose}
      testId="serial-dialog"
    >
      <Field
        name="serial"
        label={t("till.serialTitle")}
        help={t("till.serialHelp")}
        value={serial}
        onChange={setSerial}
        autoFocus
        onFocus={selectAll}
        testId="serial"
      />
    </EntryDialog>
  );
}
