import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Receipt } from "../../../api/bindings";
import { read } from "../../../api/call";
import { type Failure, toFailure } from "../../../api/failure";
import { Button, EntryDialog, Field } from "../../../components";
import { useScanner } from "../../../input/useScanner";

/** The number on the paper, scanned or typed. */
export function FindReceipt(props: {
  onFound: (sale: Receipt) => void;
  onLoose: () => void;
  onClose: () => void;
}) {
  const { onFound, onLoose, onClose } = props;
  const { t } = useTranslation();
  const client = useQueryClient();
  const [number, setNumber] = useState("");
  const [problem, setProblem] = useState<Failure | null>(null);
  const find = async (wanted: string) => {
    setProblem(null);
    try {
      onFound(await client.fetchQuery(read("pos.find_receipt", { number: wanted.trim() })));
    } catch (thrown) {
      setProblem(toFailure(thrown));
    }
  };
  useScanner({
    onScan: (code) => {
      setNumber(code);
      void find(code);
    },
  });
  return (
    <EntryDialog
      title={t("till.returnTitle")}
      confirmLabel={t("till.findReceipt")}
      confirmTestId="return-find"
      isReady={number.trim() !== ""}
      problem={problem}
      onConfirm={() => void find(number)}
      onClose={onClose}
      others={
        <Button tone="quiet" onPress={onLoose} testId="return-loose">
          {t("till.noReceipt")}
        </Button>
      }
    >
      <Field
        name="number"
        label={t("till.returnNumber")}
        help={t("till.returnHelp")}
        value={number}
        onChange={setNumber}
        autoFocus
        testId="return-number"
      />
    </EntryDialog>
  );
}
