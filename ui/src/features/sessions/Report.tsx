import { FileDown, Printer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Banner, Button, Loaded, Page } from "../../components";
import { useAgreementWords } from "../../parts/useAgreementWords";
import { usePaper } from "../../parts/usePaper";
import { navigate } from "../../router";
import { ReportView } from "./ReportView";

/** The Z report of a closed session: immutable, printed as often as wanted. */
export function ZReport({ sessionId }: { sessionId: string }) {
  const { t } = useTranslation();
  const report = useRead("pos.z_report", { session_id: sessionId });
  const paper = usePaper({ kind: "session", session_id: sessionId });
  return (
    <Page
      title={t("sessions.zReport")}
      actions={
        <>
          <Button onPress={() => navigate("sessions")}>{t("common.back")}</Button>
          <Button
            icon={<FileDown />}
            isPending={paper.isSaving}
            onPress={paper.savePdf}
            testId="z-pdf"
          >
            {t("common.pdf")}
          </Button>
          <Button
            icon={<Printer />}
            isPending={paper.isPrinting}
            onPress={() => paper.print()}
            testId="z-reprint"
          >
            {t("sessions.reprint")}
          </Button>
        </>
      }
    >
      <Confirmed sessionId={sessionId} />
      <Loaded query={report}>{(data) => <ReportView report={data} />}</Loaded>
    </Page>
  );
}

/** Whether the centre counts the same receipts; nothing where there is no centre. */
function Confirmed({ sessionId }: { sessionId: string }) {
  const state = useRead("sync.state", {});
  const isConnected = state.data !== undefined && state.data.phase !== "not_connected";
  const counted = useRead("sync.session", { session_id: sessionId }, { enabled: isConnected });
  const { words } = useAgreementWords();
  if (!counted.data) return null;
  return (
    <Banner tone={counted.data.agreement === "different" ? "danger" : "calm"}>
      <span data-testid="z-agreement">{words(counted.data)}</span>
    </Banner>
  );
}
