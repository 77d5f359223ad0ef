import { FileDown, Printer, RotateCcw, Undo2, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Receipt } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import { newId } from "../../api/ids";
import {
  Banner,
  Button,
  Chip,
  EntryDialog,
  IconButton,
  Loaded,
  Row,
  Stack,
  useFormat,
  useToast,
} from "../../components";
import { PaperPreview } from "../../parts/PaperPreview";
import { ReasonField } from "../../parts/ReasonField";
import { usePaper } from "../../parts/usePaper";
import { href } from "../../router";
import { useMay } from "../../seat";

/** One receipt: its paper, and what can still be done with it. */
export function ReceiptDetail(props: {
  saleId: string;
  onOpen: (saleId: string) => void;
  onClose: () => void;
}) {
  const { saleId, onOpen, onClose } = props;
  const receipt = useRead("pos.receipt", { sale_id: saleId });
  return (
    <Loaded query={receipt}>
      {(sale) => (
        <Stack>
          <Facts sale={sale} onOpen={onOpen} onClose={onClose} />
          <Actions sale={sale} onOpen={onOpen} />
          <PaperPreview paper={{ kind: "receipt", sale_id: saleId }} />
        </Stack>
      )}
    </Loaded>
  );
}

function Facts(props: { sale: Receipt; onOpen: (saleId: string) => void; onClose: () => void }) {
  const { sale, onOpen, onClose } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const original = sale.original_sale_id;
  return (
    <Stack>
      <Row>
        <IconButton label={t("common.close")} icon={<X />} size="small" onPress={onClose} />
        <strong data-selectable data-testid="receipt-number">
          {sale.number}
        </strong>
        <Chip tone={sale.kind === "sale" ? "plain" : "warn"}>
          {t(`receipts.kinds.${sale.kind}`)}
        </Chip>
        {sale.voided && <Chip tone="danger">{t("receipts.voided")}</Chip>}
        {sale.copies > 0 && <Chip>{t("receipts.copies", { count: sale.copies })}</Chip>}
      </Row>
      <p>
        {format.date(sale.business_date)} · {format.time(sale.sold_at)} · {sale.cashier}
        {sale.customer && ` · ${sale.customer}`}
        {sale.source_number && ` · ${t("receipts.source", { number: sale.source_number })}`}
      </p>
      {sale.reason && <p>{t("receipts.because", { reason: sale.reason })}</p>}
      {original && (
        <Row>
          <Button size="small" onPress={() => onOpen(original)}>
            {t("receipts.original", { number: sale.original_number })}
          </Button>
        </Row>
      )}
      {sale.returns.map((back) => (
        <Banner
          key={back.sale_id}
          tone="calm"
          action={
            <Button size="small" onPress={() => onOpen(back.sale_id)}>
              {t("common.open")}
            </Button>
          }
        >
          {t(`receipts.kinds.${back.kind}`)} {back.number}: {format.money(back.total)}
        </Banner>
      ))}
    </Stack>
  );
}

function Actions({ sale, onOpen }: { sale: Receipt; onOpen: (saleId: string) => void }) {
  const { t } = useTranslation();
  const [voiding, setVoiding] = useState(false);
  const paper = usePaper({ kind: "receipt", sale_id: sale.sale_id });
  const mayReturn = useMay("pos:return") && sale.kind === "sale" && !sale.voided;
  const mayVoid = useMay("pos:void") && sale.kind === "sale" && sale.returns.length === 0;
  return (
    <Row>
      <Button
        icon={<Printer />}
        isPending={paper.isPrinting}
        onPress={() => paper.print()}
        testId="receipt-reprint"
      >
        {t("receipts.reprint")}
      </Button>
      <Button
        icon={<FileDown />}
        isPending={paper.isSaving}
        onPress={paper.savePdf}
        testId="receipt-pdf"
      >
        {t("common.pdf")}
      </Button>
      {mayReturn && (
        <Button
          icon={<Undo2 />}
          onPress={() => {
            window.location.hash = `${href("till")}?return=${encodeURIComponent(sale.number)}`;
          }}
          testId="receipt-return"
        >
          {t("till.key.return")}
        </Button>
      )}
      {mayVoid && (
        <Button
          tone="danger"
          icon={<RotateCcw />}
          onPress={() => setVoiding(true)}
          testId="receipt-void"
        >
          {t("receipts.void")}
        </Button>
      )}
      {voiding && <VoidDialog sale={sale} onVoided={onOpen} onClose={() => setVoiding(false)} />}
    </Row>
  );
}

function VoidDialog(props: {
  sale: Receipt;
  onVoided: (saleId: string) => void;
  onClose: () => void;
}) {
  const { sale, onVoided, onClose } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const [voidId] = useState(() => newId());
  const [reason, setReason] = useState("");
  const takeBack = useWrite("pos.void");
  return (
    <EntryDialog
      title={t("receipts.voidTitle", { number: sale.number })}
      confirmLabel={t("receipts.void")}
      danger
      isReady={reason.trim() !== ""}
      isPending={takeBack.isPending}
      problem={takeBack.error}
      onConfirm={() =>
        takeBack.mutate(
          { void_id: voidId, sale_id: sale.sale_id, reason: reason.trim() },
          {
            onSuccess: (made) => {
              toast.say(t("receipts.voidDone", { number: made.number }));
              onClose();
              onVoided(made.sale_id);
            },
          },
        )
      }
      onClose={onClose}
      confirmTestId="void-confirm"
    >
      <Banner tone="calm">{t("receipts.voidHelp")}</Banner>
      <ReasonField kind="void" value={reason} onChange={setReason} autoFocus testId="void-reason" />
    </EntryDialog>
  );
}
