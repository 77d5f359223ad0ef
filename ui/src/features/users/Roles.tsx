import { useTranslation } from "react-i18next";
import type { Role, UsersView } from "../../api/bindings";
import { Rate, useFormat } from "../../components";
import { Masters } from "../../parts/Masters";
import { useMay } from "../../seat";
import { isMoneyWithoutLimit } from "./limits";
import { grantsAll, grantsOne } from "./patterns";
import { RoleDialog } from "./RoleDialog";

/** What a role allows, and up to which amounts. */
export function Roles({ view }: { view: UsersView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const mayEdit = useMay("users:edit");
  const allows = ({ patterns }: Role) =>
    grantsAll(patterns)
      ? t("users.everything")
      : t("users.someOf", {
          count: view.permissions.filter(({ name }) => grantsOne(patterns, name)).length,
          all: view.permissions.length,
        });
  const money = (amount: number) =>
    isMoneyWithoutLimit(amount) ? t("office.noLimit") : format.money(amount);
  const people = (row: Role) =>
    view.users.filter((user) => !user.archived && user.role_ids.includes(row.role_id ?? "")).length;
  return (
    <Masters<UsersView, Role>
      title={t("users.roles")}
      lead={t("users.rolesLead")}
      query={{ data: view, error: null, refetch: () => undefined }}
      rowsOf={(data) => data.roles}
      keyOf={(row) => row.role_id ?? ""}
      isArchived={(row) => row.archived}
      addLabel={mayEdit ? t("users.addRole") : undefined}
      none={t("users.noRoles")}
      columns={[
        { id: "name", title: t("common.name"), cell: (row) => row.name },
        { id: "allows", title: t("users.allows"), cell: allows },
        {
          id: "discount",
          title: t("users.limit.max_discount"),
          numeric: true,
          cell: (row) => <Rate value={row.limits.max_discount} />,
        },
        {
          id: "refund",
          title: t("users.limit.max_refund"),
          numeric: true,
          cell: (row) => money(row.limits.max_refund),
        },
        {
          id: "difference",
          title: t("users.limit.over_short_threshold"),
          numeric: true,
          cell: (row) => money(row.limits.over_short_threshold),
        },
        { id: "people", title: t("users.people"), numeric: true, cell: people },
      ]}
      editor={(row, onClose) => (
        <RoleDialog role={row} permissions={view.permissions} onClose={onClose} />
      )}
      testId="roles"
    />
  );
}
