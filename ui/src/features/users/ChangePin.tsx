import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../api/call";
import { EntryDialog, Field, useToast } from "../../components";

/** A person changes their own PIN. */
export default function ChangePin({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [old, setOld] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const change = useWrite("users.change_pin");
  const differs = again !== "" && again !== next;
  const pin = { type: "password", inputMode: "numeric" } as const;
  return (
    <EntryDialog
      title={t("users.changePin")}
      confirmLabel={t("users.changePin")}
      isReady={old !== "" && next !== "" && again === next}
      isPending={change.isPending}
      problem={change.error}
      onConfirm={() =>
        change.mutate(
          { old_pin: old, new_pin: next },
          {
            onSuccess: () => {
              toast.say(t("users.pinChanged"));
              onClose();
            },
          },
        )
      }
      onClose={onClose}
      testId="pin-dialog"
      confirmTestId="pin-confirm"
    >
      <Field
        {...pin}
        name="old_pin"
        label={t("users.oldPin")}
        value={old}
        onChange={setOld}
        autoFocus
        testId="pin-old"
      />
      <Field
        {...pin}
        name="new_pin"
        label={t("users.newPin")}
        help={t("users.pinHelp")}
        value={next}
        onChange={setNext}
        testId="pin-new"
      />
      <Field
        {...pin}
        label={t("users.newPinAgain")}
        value={again}
        onChange={setAgain}
        error={differs ? t("start.pinDiffers") : undefined}
        testId="pin-again"
      />
    </EntryDialog>
  );
}
