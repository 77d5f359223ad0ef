import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useWrite } from "../../api/call";
import { Field, PinPad, useSentence, Welcome } from "../../components";
import { setLanguage } from "../../text";
import css from "./SignIn.module.css";

/** Sign-in at the centre: it tells nobody who may, so the name is typed. */
export function WebSignIn() {
  const { t } = useTranslation();
  const sentence = useSentence();
  const [username, setUsername] = useState("");
  const [pin, setPin] = useState("");
  const signIn = useWrite("users.sign_in");
  const submit = () => {
    if (signIn.isPending || pin === "" || username.trim() === "") return;
    signIn.mutate(
      { username: username.trim(), pin },
      {
        onSuccess: (me) => setLanguage(me.language === "id" ? "id" : "en"),
        onError: () => setPin(""),
      },
    );
  };
  return (
    <Welcome>
      <div className={css.signIn}>
        <p className={css.help}>{t("auth.webHelp")}</p>
        <Field
          label={t("auth.userName")}
          value={username}
          onChange={setUsername}
          autoComplete="username"
          autoFocus
          testId="web-username"
        />
        <PinPad
          label={t("auth.pin")}
          value={pin}
          onChange={setPin}
          onSubmit={submit}
          error={signIn.error ? sentence(signIn.error) : undefined}
          isPending={signIn.isPending}
          submitLabel={t("auth.enter")}
          inputTestId="web-pin"
          submitTestId="web-submit"
        />
      </div>
    </Welcome>
  );
}
