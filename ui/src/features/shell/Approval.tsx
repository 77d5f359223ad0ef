import { type ReactNode, useCallback, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Approval, ApprovalContext, useRead } from "../../api/call";
import type { Failure } from "../../api/failure";
import {
  Banner,
  Button,
  Dialog,
  Field,
  Loaded,
  Row,
  Select,
  Stack,
  useSentence,
} from "../../components";
import { useSeat } from "../../seat";

interface Question {
  failure: Failure;
  answer: (approval: Approval | null) => void;
  /** Who allowed something before: likely to be here still. */
  last: string | null;
}

/** Answers every write below that needs a manager's word. */
export function ApprovalProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const asked = useRef(0);
  const last = useRef<string | null>(null);
  const ask = useCallback(
    (failure: Failure) =>
      new Promise<Approval | null>((resolve) => {
        asked.current += 1;
        const answer = (approval: Approval | null) => {
          last.current = approval?.user_id ?? last.current;
          setQuestion(null);
          resolve(approval);
        };
        setQuestion({ failure, answer, last: last.current });
      }),
    [],
  );
  return (
    <ApprovalContext value={ask}>
      {children}
      {question && <ApprovalDialog key={asked.current} {...question} />}
    </ApprovalContext>
  );
}

function ApprovalDialog({ failure, answer, last }: Question) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const approvers = useRead("users.sign_in_list", {});
  const [userId, setUserId] = useState<string | null>(last);
  const [pin, setPin] = useState("");
  const [reason, setReason] = useState("");
  const me = useSeat().user_id;
  const chosen = userId;
  const ready = chosen !== null && pin.length > 0 && reason.trim().length > 0;
  const confirm = () => {
    if (ready) answer({ user_id: chosen, pin, reason: reason.trim() });
  };
  return (
    <Dialog
      title={t("shell.approval")}
      onClose={() => answer(null)}
      size="small"
      touch
      testId="approval-dialog"
      actions={
        <>
          <Button onPress={() => answer(null)}>{t("common.cancel")}</Button>
          <Button tone="accent" isDisabled={!ready} onPress={confirm} testId="approval-confirm">
            {t("shell.approvalConfirm")}
          </Button>
        </>
      }
    >
      <Stack>
        <Banner tone="warn">{sentence(failure)}</Banner>
        <Loaded query={approvers} rows={1}>
          {(people) => (
            <Select
              label={t("shell.approvalBy")}
              options={people
                .filter((person) => person.user_id !== me)
                .map((person) => ({ id: person.user_id, label: person.name }))}
              placeholder={t("shell.approvalChoose")}
              value={chosen}
              onChange={setUserId}
              autoFocus={last === null}
              testId="approval-user"
            />
          )}
        </Loaded>
        <Field
          label={t("shell.approvalPin")}
          type="password"
          inputMode="numeric"
          value={pin}
          onChange={setPin}
          autoFocus={last !== null}
          testId="approval-pin"
        />
        <Field
          label={t("shell.approvalReason")}
          value={reason}
          onChange={setReason}
          onKeyDown={(event) => {
            if (event.key === "Enter") confirm();
            else event.continuePropagation();
          }}
          testId="approval-reason"
        />
        <Row>{t("shell.approvalHelp")}</Row>
      </Stack>
    </Dialog>
  );
}
