import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DrawerCount } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Banner, Button, Dialog, FailureBanner, Form } from "../../components";
import { navigate } from "../../router";
import { CountGrid, type Counts, countLines } from "./CountGrid";

/** Nobody sees what should be there before saying what is. An exact count closes at once. */
export function CountDrawer(props: {
  sessionId: string;
  denominations: readonly number[];
  onCounted: (count: DrawerCount) => void;
  onClose: () => void;
}) {
  const { sessionId, denominations, onCounted, onClose } = props;
  const { t } = useTranslation();
  const form = useId();
  const [counts, setCounts] = useState<Counts>({});
  const count = useWrite("pos.count_drawer");
  const close = useWrite("pos.close_session");
  const isPending = count.isPending || close.isPending;
  const confirm = () => {
    if (isPending) return;
    count.mutate(
      { session_id: sessionId, counted: countLines(counts) },
      {
        onSuccess: (found) => {
          if (found.needs_reason) return onCounted(found);
          close.mutate(
            { session_id: sessionId, reason: "" },
            {
              onSuccess: () => {
                onClose();
                navigate("sessions", sessionId);
              },
              onError: () => onCounted(found),
            },
          );
        },
      },
    );
  };
  return (
    <Dialog
      title={t("sessions.close")}
      onClose={onClose}
      touch
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={form}
            tone="accent"
            isPending={isPending}
            testId="session-close-confirm"
          >
            {t("sessions.closeConfirm")}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={confirm}>
        <FailureBanner problem={count.error} />
        <Banner tone="calm">{t("sessions.closeHelp")}</Banner>
        <CountGrid
          denominations={denominations}
          counts={counts}
          onChange={setCounts}
          testId="count"
        />
      </Form>
    </Dialog>
  );
}
