import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Held } from "../../../api/bindings";
import { useRead, useWrite } from "../../../api/call";
import {
  Button,
  Chip,
  Dialog,
  EmptyState,
  EntryDialog,
  FailureBanner,
  IconButton,
  Loaded,
  Money,
  Stack,
} from "../../../components";
import { ReasonField } from "../../../parts/ReasonField";
import type { TillDialogProps } from "../Dialogs";
import css from "./Choices.module.css";

const MINUTE_MS = 60_000;

/** Tickets put aside in this branch, at whichever till. */
export function RecallDialog({ open, onClose }: TillDialogProps) {
  const { t } = useTranslation();
  const held = useRead("pos.held", {});
  const recall = useWrite("pos.recall");
  const [discarding, setDiscarding] = useState<Held | null>(null);
  if (discarding) return <Discard held={discarding} onClose={() => setDiscarding(null)} />;
  const take = (held_id: string) =>
    recall.mutate(
      { held_id },
      {
        onSuccess: ({ ticket }) => {
          open.show(ticket);
          onClose();
        },
      },
    );
  return (
    <Dialog title={t("till.recallTitle")} onClose={onClose} touch>
      <Stack>
        <FailureBanner problem={recall.error} />
        <Loaded query={held}>
          {(tickets) =>
            tickets.length === 0 ? (
              <EmptyState title={t("till.heldNone")}>{t("till.heldNoneHelp")}</EmptyState>
            ) : (
              <ul className={css.choices}>
                {tickets.map((ticket, index) => (
                  <li key={ticket.held_id} className={css.held}>
                    <Button
                      wide
                      autoFocus={index === 0}
                      isDisabled={recall.isPending}
                      onPress={() => take(ticket.held_id)}
                      testId={`held-${index + 1}`}
                    >
                      <HeldRow held={ticket} />
                    </Button>
                    <IconButton
                      label={t("till.heldDiscard")}
                      icon={<Trash2 />}
                      onPress={() => setDiscarding(ticket)}
                    />
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Stack>
    </Dialog>
  );
}

function HeldRow({ held }: { held: Held }) {
  const { t } = useTranslation();
  const minutes = Math.max(0, Math.floor((Date.now() - held.held_at) / MINUTE_MS));
  return (
    <span className={css.choice}>
      <span>
        <strong>{held.note || t("till.pieces", { count: held.line_count })}</strong>{" "}
        {held.expired && <Chip tone="warn">{t("till.heldExpired")}</Chip>}
        <br />
        <span className={css.detail}>
          {t("till.heldBy", { name: held.cashier, terminal: held.terminal })} ·{" "}
          {t("till.heldAge", { minutes })}
        </span>
      </span>
      <strong>
        <Money value={held.total} symbol />
      </strong>
    </span>
  );
}

function Discard({ held, onClose }: { held: Held; onClose: () => void }) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const discard = useWrite("pos.discard_held");
  return (
    <EntryDialog
      title={`${t("till.heldDiscard")}: ${held.note}`}
      confirmLabel={t("till.heldDiscard")}
      danger
      isReady={reason.trim() !== ""}
      isPending={discard.isPending}
      problem={discard.error}
      onConfirm={() =>
        discard.mutate({ held_id: held.held_id, reason: reason.trim() }, { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <ReasonField
        kind="void"
        label={t("till.heldDiscardReason")}
        value={reason}
        onChange={setReason}
        autoFocus
      />
    </EntryDialog>
  );
}
