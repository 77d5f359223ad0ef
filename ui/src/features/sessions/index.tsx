import { Landmark } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CashMovementKind, Session, TillState } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Button, EmptyState, Loaded, Page, Section, Table, useFormat } from "../../components";
import { navigate, useRoute } from "../../router";
import { CashDialog } from "./CashDialog";
import { CloseSession } from "./CloseSession";
import { OpenSession } from "./OpenSession";
import { ZReport } from "./Report";
import { OverShort, ReportView } from "./ReportView";

/** The cash session: open, look, move cash, close; and every Z report since. */
export default function Sessions() {
  const { path } = useRoute();
  const at = path[1];
  if (at && at !== "open") return <ZReport sessionId={at} />;
  return <Overview isOpening={at === "open"} />;
}

function Overview({ isOpening }: { isOpening: boolean }) {
  const { t } = useTranslation();
  const state = useRead("pos.state", {});
  return (
    <Page title={t("sessions.title")}>
      <Loaded query={state}>
        {(till) => (
          <>
            {till.session ? (
              <OpenOne session={till.session} till={till} />
            ) : (
              <NoneOpen till={till} />
            )}
            {till.others.map((session) => (
              <OpenOne key={session.session_id} session={session} till={till} />
            ))}
            <History />
            {isOpening && !till.session && (
              <OpenSession till={till} onClose={() => navigate("sessions")} />
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function NoneOpen({ till }: { till: TillState }) {
  const { t } = useTranslation();
  const other = till.others[0];
  return (
    <Section>
      <EmptyState
        icon={<Landmark />}
        title={other ? t("sessions.notYours", { name: other.cashier }) : t("sessions.none")}
        action={
          !other && (
            <Button
              tone="accent"
              onPress={() => navigate("sessions", "open")}
              testId="session-open"
            >
              {t("sessions.open")}
            </Button>
          )
        }
      >
        {other ? t("till.otherSessionHelp") : t("sessions.noneHelp")}
      </EmptyState>
    </Section>
  );
}

function OpenOne({ session, till }: { session: Session; till: TillState }) {
  const { t } = useTranslation();
  const [asks, setAsks] = useState<CashMovementKind | "close" | "x" | null>(null);
  const own = till.session?.session_id === session.session_id;
  const report = useRead(
    "pos.x_report",
    { session_id: session.session_id },
    { enabled: asks === "x" },
  );
  return (
    <>
      <Section
        title={t("sessions.openOf", { name: session.cashier })}
        actions={
          <>
            {own && (
              <>
                <Button onPress={() => setAsks("cash_in")}>{t("sessions.cashIn")}</Button>
                <Button onPress={() => setAsks("cash_out")}>{t("sessions.cashOut")}</Button>
                <Button onPress={() => setAsks("drop")}>{t("sessions.cashDrop")}</Button>
              </>
            )}
            <Button
              aria-pressed={asks === "x"}
              onPress={() => setAsks(asks === "x" ? null : "x")}
              testId="x-report-show"
            >
              {t("sessions.xReport")}
            </Button>
            <Button tone="accent" onPress={() => setAsks("close")} testId="session-close">
              {t("sessions.close")}
            </Button>
          </>
        }
      >
        <SessionFacts session={session} />
      </Section>
      {asks === "x" && <Loaded query={report}>{(data) => <ReportView report={data} />}</Loaded>}
      {asks === "close" && (
        <CloseSession
          session={session}
          denominations={till.denominations}
          onClose={() => setAsks(null)}
        />
      )}
      {(asks === "cash_in" || asks === "cash_out" || asks === "drop") && (
        <CashDialog kind={asks} onClose={() => setAsks(null)} />
      )}
    </>
  );
}

function SessionFacts({ session }: { session: Session }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p>
      {t("sessions.businessDate")} {format.date(session.business_date)} · {t("sessions.opened")}{" "}
      {format.dateTime(session.opened_at)} · {t("sessions.float")}{" "}
      {format.money(session.opening_float)} · {session.terminal}
    </p>
  );
}

function History() {
  const { t } = useTranslation();
  const format = useFormat();
  const sessions = useRead("pos.sessions", {});
  return (
    <Section title={t("sessions.history")}>
      <Loaded query={sessions}>
        {(all) => {
          const closed = all.filter((session) => session.closed_at !== null);
          if (closed.length === 0) return <EmptyState title={t("sessions.historyNone")} />;
          return (
            <Table
              label={t("sessions.history")}
              rows={closed}
              keyOf={(row) => row.session_id}
              onOpen={(row) => navigate("sessions", row.session_id)}
              columns={[
                { id: "number", title: t("sessions.zReport"), cell: (row) => row.z_number },
                {
                  id: "date",
                  title: t("sessions.businessDate"),
                  cell: (row) => format.date(row.business_date),
                },
                { id: "cashier", title: t("shell.cashier"), cell: (row) => row.cashier },
                { id: "terminal", title: t("shell.terminal"), cell: (row) => row.terminal },
                {
                  id: "closed",
                  title: t("sessions.closed"),
                  cell: (row) => (row.closed_at === null ? "" : format.dateTime(row.closed_at)),
                },
                {
                  id: "difference",
                  title: t("sessions.overShort"),
                  numeric: true,
                  cell: (row) =>
                    row.over_short === null ? "" : <OverShort value={row.over_short} />,
                },
              ]}
            />
          );
        }}
      </Loaded>
    </Section>
  );
}
