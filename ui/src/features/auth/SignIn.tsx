import { useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import type { SignInUser } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import { EmptyState, Loaded, PinPad, useSentence, Welcome } from "../../components";
import { setLanguage } from "../../text";
import css from "./SignIn.module.css";

/** Choose yourself, enter your PIN. Works without a network. */
export function SignIn() {
  const { t } = useTranslation();
  const users = useRead("users.sign_in_list", {});
  const status = useRead("start.status", {});
  const pins = new Map(status.data?.demo_users.map(({ username, pin }) => [username, pin]));
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Welcome title={status.data?.company ?? undefined}>
      <Loaded query={users} rows={3}>
        {(people) => {
          const person = people.find(({ user_id }) => user_id === chosen) ?? people[0];
          if (!person) {
            return <EmptyState title={t("auth.noUsers")}>{t("auth.noUsersHelp")}</EmptyState>;
          }
          return (
            <div className={css.both}>
              <People people={people} pins={pins} chosen={person.user_id} onChoose={setChosen} />
              <Pin key={person.user_id} person={person} />
            </div>
          );
        }}
      </Loaded>
    </Welcome>
  );
}

function People(props: {
  people: SignInUser[];
  /** Of the demo company only, where they are no secret. */
  pins: Map<string, string>;
  chosen: string;
  onChoose: (user: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <section className={css.people} aria-label={t("auth.chooseUser")}>
      <h1 className={css.title}>{t("auth.chooseUser")}</h1>
      <div className={css.tiles}>
        {props.people.map((person) => (
          <AriaButton
            key={person.user_id}
            className={css.tile ?? ""}
            aria-pressed={person.user_id === props.chosen}
            onPress={() => props.onChoose(person.user_id)}
            data-testid={`signin-user-${person.username}`}
          >
            <span className={css.initials} aria-hidden="true">
              {initials(person.name)}
            </span>
            <span className={css.names}>
              <span className={css.name}>{person.name}</span>
              <span className={css.username}>
                {person.username}
                {props.pins.has(person.username) &&
                  ` · ${t("auth.pin")} ${props.pins.get(person.username)}`}
              </span>
            </span>
          </AriaButton>
        ))}
      </div>
    </section>
  );
}

function Pin({ person }: { person: SignInUser }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const [pin, setPin] = useState("");
  const input = useRef<HTMLInputElement>(null);
  const signIn = useWrite("users.sign_in");
  const submit = () => {
    if (signIn.isPending || pin === "") return;
    signIn.mutate(
      { username: person.username, pin },
      {
        onSuccess: (me) => setLanguage(me.language === "id" ? "id" : "en"),
        onError: () => {
          setPin("");
          input.current?.focus();
        },
      },
    );
  };
  return (
    <PinPad
      label={t("auth.pinOf", { name: person.name })}
      value={pin}
      onChange={setPin}
      onSubmit={submit}
      error={signIn.error ? sentence(signIn.error) : undefined}
      isPending={signIn.isPending}
      submitLabel={t("auth.enter")}
      inputTestId="pin-input"
      submitTestId="signin-submit"
      inputRef={input}
      autoFocus
    />
  );
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return picked.map((word) => word?.[0]?.toUpperCase() ?? "").join("");
}
