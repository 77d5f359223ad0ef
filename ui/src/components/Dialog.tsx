import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./Button";
import css from "./Dialog.module.css";

export interface DialogProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons, the one that goes on last. */
  actions?: ReactNode;
  size?: "small" | "normal" | "large" | "full";
  /** Controls a finger wide: at the till. */
  touch?: boolean;
  /** Neither Escape nor a click beside it closes: work would be lost. */
  keep?: boolean;
  testId?: string;
}

/** Mount it to open it. Focus goes in, stays in, and returns where it was. */
export function Dialog(props: DialogProps) {
  const { title, onClose, children, actions, size = "normal", touch, keep, testId } = props;
  const { t } = useTranslation();
  return (
    <ModalOverlay
      isOpen
      onOpenChange={(open) => !open && onClose()}
      isDismissable={false}
      isKeyboardDismissDisabled={keep ?? false}
      className={css.scrim ?? ""}
    >
      <Modal className={`${css.modal} ${css[size]}`}>
        <AriaDialog
          className={css.dialog ?? ""}
          data-testid={testId}
          data-touch={touch ? "" : undefined}
        >
          <header className={css.head}>
            <Heading slot="title" className={css.title ?? ""}>
              {title}
            </Heading>
            {!keep && (
              <IconButton label={t("common.close")} icon={<X />} size="small" onPress={onClose} />
            )}
          </header>
          <div className={css.body}>{children}</div>
          {actions && <footer className={css.foot}>{actions}</footer>}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

/** Asks once before something that cannot be taken back. */
export function Confirm(props: {
  title: string;
  children: ReactNode;
  confirmLabel: string;
  danger?: boolean;
  isPending?: boolean;
  onConfirm: () => void;
  onClose: () => void;
  testId?: string;
}) {
  const { t } = useTranslation();
  const { title, children, confirmLabel, danger, isPending, onConfirm, onClose, testId } = props;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      size="small"
      actions={
        <>
          <Button onPress={onClose}>{t("common.cancel")}</Button>
          <Button
            autoFocus
            tone={danger ? "danger" : "accent"}
            isPending={isPending ?? false}
            onPress={onConfirm}
            {...(testId ? { testId } : {})}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
