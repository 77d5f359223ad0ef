import { FileDown, Printer } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Button, Loaded, Page } from "../../components";
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
      <Loaded query={report}>{(data) => <ReportView report={data} />}</Loaded>
    </Page>
  );
}
