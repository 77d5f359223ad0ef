import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TillState } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Button, DateField, Dialog, Form, Stack } from "../../components";
import { navigate } from "../../router";
import { CountGrid, type Counts, countLines } from "./CountGrid";

/** The drawer of a till with one drawer. */
const DRAWER = "1";

/** Opens the cash session with a counted float; the till is next. */
export function OpenSession({ till, onClose }: { till: TillState; onClose: () => void }) {
  const { t } = useTranslation();
  const form = useId();
  const [counts, setCounts] = useState<Counts>({});
  const [date, setDate] = useState(till.today);
  const open = useWrite("pos.open_session");
  const confirm = () => {
    if (open.isPending) return;
    open.mutate(
      { drawer: DRAWER, business_date: date || null, counted: countLines(counts) },
      { onSuccess: () => navigate("till") },
    );
  };
  return (
    <Dialog
      title={t("sessions.open")}
      onClose={onClose}
      touch
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            form={form}
            tone="accent"
            isPending={open.isPending}
            testId="session-open-confirm"
          >
            {t("sessions.openConfirm")}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={confirm} problem={open.error}>
        <Stack>
          <p>{t("sessions.floatHelp")}</p>
          <CountGrid
            denominations={till.denominations}
            counts={counts}
            onChange={setCounts}
            testId="denomination"
          />
          <DateField
            name="business_date"
            label={t("sessions.businessDate")}
            help={t("sessions.businessDateHelp")}
            value={date}
            onChange={setDate}
          />
        </Stack>
      </Form>
    </Dialog>
  );
}
