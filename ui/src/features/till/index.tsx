import { Store } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Button, EmptyState, Loaded } from "../../components";
import { navigate } from "../../router";
import { Counter } from "./Counter";

/** The till: closed until a cash session is open, then ready for the next article at once. */
export default function Till() {
  const { t } = useTranslation();
  const state = useRead("pos.state", {});
  return (
    <Loaded query={state}>
      {(till) => {
        if (till.session?.counted) return <Counted />;
        if (till.session) return <Counter key={till.session.session_id} till={till} />;
        const other = till.others[0];
        return (
          <EmptyState
            icon={<Store />}
            title={other ? t("till.otherSession", { name: other.cashier }) : t("till.closedTitle")}
            action={
              <div data-touch="">
                <Button
                  tone="accent"
                  size="large"
                  autoFocus
                  onPress={() => navigate("sessions", other ? "" : "open")}
                  testId="session-open"
                >
                  {other ? t("shell.feature.sessions") : t("till.openSession")}
                </Button>
              </div>
            }
          >
            {other ? t("till.otherSessionHelp") : t("till.closedHelp")}
          </EmptyState>
        );
      }}
    </Loaded>
  );
}

/** Between the blind count and the Z report nothing is sold. */
function Counted() {
  const { t } = useTranslation();
  return (
    <EmptyState
      icon={<Store />}
      title={t("till.counted")}
      action={
        <Button tone="accent" onPress={() => navigate("sessions")}>
          {t("shell.feature.sessions")}
        </Button>
      }
    >
      {t("till.countedHelp")}
    </EmptyState>
  );
}
