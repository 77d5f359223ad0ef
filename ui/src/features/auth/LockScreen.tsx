import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "../../api/bindings";
import { useWrite } from "../../api/call";
import { Button, PinPad, useSentence, Welcome } from "../../components";
import css from "./LockScreen.module.css";

/** Nobody is at the till: the same person comes back, or another takes over. */
export function LockScreen({ me }: { me: Me }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const [pin, setPin] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const unlock = useWrite("users.unlock");
  const signOut = useWrite("users.sign_out");
  const submit = () => {
    if (unlock.isPending || pin === "") return;
    unlock.mutate(
      { pin },
      {
        onError: () => {
          setPin("");
          input.current?.focus();
        },
      },
    );
  };
  return (
    <Welcome title={me.place.company.name}>
      <div className={css.lock}>
        <h1 className={css.title}>{t("auth.locked", { name: me.name })}</h1>
        <p className={css.note}>{t("auth.ticketKept")}</p>
        <PinPad
          label={t("auth.pinOf", { name: me.name })}
          value={pin}
          onChange={setPin}
          onSubmit={submit}
          error={unlock.error ? sentence(unlock.error) : undefined}
          isPending={unlock.isPending}
          submitLabel={t("auth.unlock")}
          inputTestId="pin-input"
          submitTestId="signin-submit"
          inputRef={input}
          autoFocus
        />
        <Button tone="quiet" onPress={() => signOut.mutate({})}>
          {t("auth.otherUser")}
        </Button>
      </div>
    </Welcome>
  );
}
