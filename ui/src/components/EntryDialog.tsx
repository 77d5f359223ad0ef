import type { ReactNode } from "react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { Form } from "./Form";
import type { Problem } from "./problem";

/** A small question: fields, and one button that goes on. Enter is that button. */
export function EntryDialog(props: {
  title: string;
  children: ReactNode;
  confirmLabel?: string;
  confirmTestId?: string;
  isReady?: boolean;
  isPending?: boolean;
  problem?: Problem | null;
  /** More keys, at the left of Cancel. */
  others?: ReactNode;
  danger?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  testId?: string;
}) {
  const { title, children, confirmLabel, confirmTestId, problem, others, danger } = props;
  const { isReady = true, isPending = false, onConfirm, onClose, testId } = props;
  const { t } = useTranslation();
  const form = useId();
  const go = () => {
    if (isReady && !isPending) onConfirm();
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      size="small"
      touch
      {...(testId ? { testId } : {})}
      actions={
        <>
          {others}
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={form}
            tone={danger ? "danger" : "accent"}
            isDisabled={!isReady}
            isPending={isPending}
            {...(confirmTestId ? { testId: confirmTestId } : {})}
          >
            {confirmLabel ?? t("common.confirm")}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={go} problem={problem}>
        {children}
      </Form>
    </Dialog>
  );
}
