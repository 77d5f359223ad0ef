import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Printers as AllPrinters, PaperKind, Printer } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  Button,
  Chip,
  Confirm,
  Facts,
  FailureBanner,
  Loaded,
  Row,
  Section,
  useToast,
} from "../../components";
import { href } from "../../router";
import { useMay } from "../../seat";
import { PrinterDialog } from "./PrinterDialog";
import { PAPERS, placeWords } from "./printer";
import css from "./Settings.module.css";

/** Which printer of this machine prints what. */
export default function Printers() {
  const { t } = useTranslation();
  const printers = useRead("print.printers", {});
  const [edited, setEdited] = useState<PaperKind | null>(null);
  return (
    <>
      <p className={css.lead}>
        {t("settings.printers.lead")} <a href={href("printing")}>{t("shell.feature.printing")}</a>
      </p>
      <Loaded query={printers}>
        {(all) => (
          <>
            <div className={css.papers}>
              {PAPERS.map((paper) => (
                <PaperCard
                  key={paper}
                  paper={paper}
                  printers={all}
                  onEdit={() => setEdited(paper)}
                />
              ))}
            </div>
            {edited && (
              <PrinterDialog paper={edited} printers={all} onClose={() => setEdited(null)} />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function PaperCard(props: { paper: PaperKind; printers: AllPrinters; onEdit: () => void }) {
  const { paper, printers, onEdit } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const mayEdit = useMay("settings:edit");
  const [asks, setAsks] = useState(false);
  const test = useWrite("print.test");
  const save = useWrite("print.save_printers");
  const own = printers[paper];
  const used = own ?? (paper === "invoice" ? null : printers.receipt);
  const remove = () =>
    save.mutate(
      { ...printers, [paper]: null },
      { onSuccess: () => setAsks(false), onError: toast.fail },
    );
  return (
    <Section title={t(`settings.printers.papers.${paper}`)} testId={`printer-${paper}`}>
      {own ? (
        <PrinterFacts printer={own} />
      ) : (
        <p className={css.lead}>
          {used
            ? t("settings.printers.usesReceipt", { name: used.name })
            : t("settings.printers.noPrinter")}
        </p>
      )}
      <FailureBanner problem={test.error} />
      <Row>
        <Button onPress={onEdit} testId={`printer-edit-${paper}`}>
          {own ? t("common.change") : t("settings.printers.choose")}
        </Button>
        {mayEdit && used && (
          <Button
            isPending={test.isPending}
            onPress={() =>
              test.mutate(
                { paper },
                {
                  onSuccess: ({ printer }) => toast.say(t("settings.printers.tested", { printer })),
                },
              )
            }
            testId={`printer-test-${paper}`}
          >
            {t("settings.printers.test")}
          </Button>
        )}
        {mayEdit && own && (
          <Button tone="quiet" onPress={() => setAsks(true)}>
            {t("common.remove")}
          </Button>
        )}
      </Row>
      {asks && own && (
        <Confirm
          title={t("settings.printers.removeTitle", { name: own.name })}
          confirmLabel={t("common.remove")}
          danger
          isPending={save.isPending}
          onConfirm={remove}
          onClose={() => setAsks(false)}
        >
          {t("settings.printers.removeHelp")}
        </Confirm>
      )}
    </Section>
  );
}

function PrinterFacts({ printer }: { printer: Printer }) {
  const { t } = useTranslation();
  const { destination, speech, width_mm, drawer } = printer;
  return (
    <>
      <Facts
        facts={[
          { term: t("common.name"), value: printer.name },
          {
            term: t(`settings.printers.places.${destination.kind}`),
            value: placeWords(destination),
          },
        ]}
      />
      <Row>
        <Chip>{speech === "escpos" ? `${width_mm} mm` : t("settings.printers.speeches.pdf")}</Chip>
        {drawer && <Chip>{t("settings.printers.drawer")}</Chip>}
        {printer.fallback && <Chip>{t("settings.printers.hasFallback")}</Chip>}
      </Row>
    </>
  );
}
