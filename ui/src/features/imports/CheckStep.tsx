import { useTranslation } from "react-i18next";
import type { ImportReport } from "../../api/bindings";
import { Banner, Button, Row, Section } from "../../components";
import { ReportView } from "./ReportView";

/** What the import would do, row by row, before it does anything. */
export function CheckStep(props: {
  report: ImportReport;
  isPending: boolean;
  onLeaveOut: () => void;
  onBack: () => void;
  onStart: () => void;
}) {
  const { report, isPending, onLeaveOut, onBack, onStart } = props;
  const { t } = useTranslation();
  return (
    <>
      <Section title={t("imports.ofFile", { file: report.file })}>
        {report.ready ? (
          <Banner tone={report.error_count > 0 ? "warn" : "calm"}>
            {t("imports.ready")}{" "}
            {report.error_count > 0
              ? t("imports.readyWrong", { count: report.error_count })
              : t("imports.allWillBe")}
          </Banner>
        ) : (
          <Banner
            tone="danger"
            action={
              report.error_count > 0 && (
                <Button
                  size="small"
                  isPending={isPending}
                  onPress={onLeaveOut}
                  testId="import-leave-out-now"
                >
                  {t("imports.leaveOutWrong")}
                </Button>
              )
            }
          >
            {report.error_count > 0 ? t("imports.notReady") : t("imports.nothingToDo")}
          </Banner>
        )}
        <Row end>
          <Button onPress={onBack} testId="import-change">
            {t("imports.change")}
          </Button>
          <Button
            tone="accent"
            isDisabled={!report.ready}
            isPending={isPending}
            onPress={onStart}
            testId="import-start"
          >
            {t("imports.start")}
          </Button>
        </Row>
      </Section>
      <ReportView report={report} />
    </>
  );
}
