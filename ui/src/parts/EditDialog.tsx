import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { Banner, Button, Dialog, Form, Notes, type Problem } from "../components";
import { FieldSet } from "./FieldSet";
import { unplaced } from "./unplaced";

/** One master in a form: its fields, Save and Cancel. Enter saves. */
export function EditDialog(props: {
  title: string;
  /** The names of the fields in it: a refusal at another field is shown above them. */
  fields: readonly string[];
  children: ReactNode;
  /** False for who may look and not change. */
  mayEdit: boolean;
  isReady?: boolean;
  isPending: boolean;
  problem: Problem | null;
  size?: "normal" | "large";
  onSave: () => void;
  onClose: () => void;
  testId?: string;
}) {
  const { title, fields, children, mayEdit, isReady = true, isPending, problem } = props;
  const { size = "normal", onSave, onClose, testId } = props;
  const { t } = useTranslation();
  const form = useId();
  const save = () => {
    if (mayEdit && isReady && !isPending) onSave();
  };
  return (
    <Dialog
      title={title}
      size={size}
      onClose={onClose}
      {...(testId ? { testId } : {})}
      actions={
        mayEdit ? (
          <>
            <Button onPress={onClose}>{t("common.cancel")}</Button>
            <Button
              type="submit"
              form={form}
              tone="accent"
              isDisabled={!isReady}
              isPending={isPending}
              testId="edit-save"
            >
              {t("common.save")}
            </Button>
          </>
        ) : (
          <Button onPress={onClose}>{t("common.close")}</Button>
        )
      }
    >
      <Form id={form} onSubmit={save} problem={problem}>
        {!mayEdit && <Banner tone="calm">{t("office.onlyLook")}</Banner>}
        <Notes said={unplaced(problem, fields)} tone="danger" />
        <FieldSet isShut={!mayEdit}>{children}</FieldSet>
      </Form>
    </Dialog>
  );
}
