import { useTranslation } from "react-i18next";
import type { User, UsersView } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Chip } from "../../components";
import { Masters } from "../../parts/Masters";
import { useMay } from "../../seat";
import { LANGUAGES } from "../../text";
import { PersonDialog } from "./PersonDialog";
import css from "./Users.module.css";

/** Everybody who may sign in, and who could once. */
export function People({ view }: { view: UsersView }) {
  const { t } = useTranslation();
  const mayEdit = useMay("users:edit");
  const places = useRead("branch.list", {}, { enabled: useMay("settings:read") });
  const branches = places.data?.branches ?? [];
  const rolesOf = (row: User) =>
    view.roles.filter((role) => row.role_ids.includes(role.role_id ?? ""));
  return (
    <Masters<UsersView, User>
      title={t("users.people")}
      lead={t("users.peopleLead")}
      query={{ data: view, error: null, refetch: () => undefined }}
      rowsOf={(data) => data.users}
      keyOf={(row) => row.user_id}
      isArchived={(row) => row.archived}
      addLabel={mayEdit ? t("users.addPerson") : undefined}
      none={t("users.noPeople")}
      columns={[
        { id: "name", title: t("common.name"), cell: (row) => row.name },
        { id: "username", title: t("users.username"), cell: (row) => row.username },
        {
          id: "roles",
          title: t("users.roles"),
          cell: (row) => (
            <span className={css.chips}>
              {rolesOf(row).map((role) => (
                <Chip key={role.role_id} tone={role.archived ? "warn" : "plain"}>
                  {role.name}
                </Chip>
              ))}
            </span>
          ),
        },
        {
          id: "branches",
          title: t("users.branches"),
          cell: (row) =>
            row.branch_ids.length === 0
              ? t("office.everyBranch")
              : row.branch_ids
                  .map((id) => branches.find((branch) => branch.branch_id === id)?.name ?? "…")
                  .join(", "),
        },
        {
          id: "language",
          title: t("shell.language"),
          cell: (row) => LANGUAGES.find(({ id }) => id === row.language)?.label ?? row.language,
        },
      ]}
      editor={(row, onClose) => (
        <PersonDialog person={row} roles={view.roles} branches={branches} onClose={onClose} />
      )}
      testId="people"
    />
  );
}
