import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Branch, Role, User, UserChange } from "../../api/bindings";
import { Checkbox, Field, Select } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { useSave } from "../../parts/useSave";
import { useMay } from "../../seat";
import { LANGUAGES, type Language } from "../../text";
import css from "./Users.module.css";

const toggle = (ids: readonly string[], id: string, on: boolean): string[] =>
  on ? [...ids, id] : ids.filter((one) => one !== id);

/** One person: how they sign in, what they may do, and where. */
export function PersonDialog(props: {
  person: User | null;
  roles: Role[];
  branches: Branch[];
  onClose: () => void;
}) {
  const { person, roles, branches, onClose } = props;
  const { t, i18n } = useTranslation();
  const [given, setGiven] = useState<UserChange>({
    user_id: person?.user_id ?? null,
    username: person?.username ?? "",
    name: person?.name ?? "",
    language: person?.language ?? i18n.language,
    pin: null,
    role_ids: person?.role_ids ?? [],
    branch_ids: person?.branch_ids ?? [],
    archived: person?.archived ?? false,
  });
  const set = (change: Partial<UserChange>) => setGiven((now) => ({ ...now, ...change }));
  const { save, saving } = useSave("users.save", onClose);
  const isReady = given.name.trim() !== "" && given.username !== "";
  return (
    <EditDialog
      title={person?.name ?? t("users.addPerson")}
      fields={["name", "username", "pin", "language"]}
      mayEdit={useMay("users:edit")}
      isReady={isReady && (person !== null || given.pin !== null)}
      {...saving}
      onSave={() => save(given)}
      onClose={onClose}
      testId="person-dialog"
    >
      <Field
        name="name"
        label={t("common.name")}
        value={given.name}
        onChange={(name) => set({ name })}
        autoFocus
        isRequired
        testId="person-name"
      />
      <Field
        name="username"
        label={t("users.username")}
        help={t("users.usernameHelp")}
        value={given.username}
        onChange={(username) => set({ username: username.trim() })}
        isRequired
        testId="person-username"
      />
      <Field
        name="pin"
        type="password"
        inputMode="numeric"
        label={person ? t("users.resetPin") : t("users.newPin")}
        help={person ? t("users.resetPinHelp") : t("users.pinHelp")}
        value={given.pin ?? ""}
        onChange={(pin) => set({ pin: pin === "" ? null : pin })}
        testId="person-pin"
      />
      <Select
        name="language"
        label={t("shell.language")}
        options={LANGUAGES}
        value={given.language as Language}
        onChange={(language) => set({ language })}
      />
      <Ticks
        title={t("users.roles")}
        help={t("users.rolesHelp")}
        options={roles
          .filter((role) => !role.archived || given.role_ids.includes(role.role_id ?? ""))
          .map((role) => ({ id: role.role_id ?? "", label: role.name }))}
        chosen={given.role_ids}
        onChange={(role_ids) => set({ role_ids })}
      />
      <Ticks
        title={t("users.branches")}
        help={given.branch_ids.length === 0 ? t("users.everyBranchHelp") : t("users.branchesHelp")}
        options={branches
          .filter((row) => !row.archived || given.branch_ids.includes(row.branch_id ?? ""))
          .map((row) => ({ id: row.branch_id ?? "", label: row.name }))}
        chosen={given.branch_ids}
        onChange={(branch_ids) => set({ branch_ids })}
      />
      {person && (
        <Wide>
          <Checkbox
            label={t("users.left")}
            value={given.archived}
            onChange={(archived) => set({ archived })}
          />
        </Wide>
      )}
    </EditDialog>
  );
}

/** Some of a few. */
function Ticks(props: {
  title: string;
  help: string;
  options: { id: string; label: string }[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
}) {
  const { title, help, options, chosen, onChange } = props;
  return (
    <fieldset className={css.one}>
      <legend className={css.soft}>{title}</legend>
      {options.map(({ id, label }) => (
        <Checkbox
          key={id}
          label={label}
          value={chosen.includes(id)}
          onChange={(on) => onChange(toggle(chosen, id, on))}
          testId={`tick-${label}`}
        />
      ))}
      <p className={css.soft}>{help}</p>
    </fieldset>
  );
}
