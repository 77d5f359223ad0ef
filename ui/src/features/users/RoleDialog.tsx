import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { KnownPermission, Role } from "../../api/bindings";
import { Checkbox, Field } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { useSave } from "../../parts/useSave";
import { useMay } from "../../seat";
import { type DraftLimits, RoleLimits, wholeLimits } from "./RoleLimits";
import { RolePermissions } from "./RolePermissions";
import css from "./Users.module.css";

const NEW: Role = {
  role_id: null,
  code: "",
  name: "",
  patterns: [],
  limits: { max_discount: "0", max_price_override: "0", max_refund: 0, over_short_threshold: 0 },
  archived: false,
};

/** One role: its name, its permissions, its limits. */
export function RoleDialog(props: {
  role: Role | null;
  permissions: KnownPermission[];
  onClose: () => void;
}) {
  const { permissions, onClose } = props;
  const role = props.role ?? NEW;
  const { t } = useTranslation();
  const [given, setGiven] = useState<Role>(role);
  const [limits, setLimits] = useState<DraftLimits>(role.limits);
  const { save, saving } = useSave("roles.save", onClose);
  const set = (change: Partial<Role>) => setGiven((now) => ({ ...now, ...change }));
  const whole = wholeLimits(limits);
  const isNew = !role.role_id;
  return (
    <EditDialog
      title={isNew ? t("users.addRole") : role.name}
      size="large"
      fields={["name", "code"]}
      mayEdit={useMay("users:edit")}
      isReady={whole !== null && given.name.trim() !== "" && given.code !== ""}
      {...saving}
      onSave={() => whole && save({ ...given, limits: whole })}
      onClose={onClose}
      testId="role-dialog"
    >
      <Field
        name="name"
        label={t("common.name")}
        value={given.name}
        onChange={(name) => set({ name })}
        autoFocus
        isRequired
        testId="role-name"
      />
      <Field
        name="code"
        label={t("users.roleCode")}
        help={t("users.roleCodeHelp")}
        value={given.code}
        onChange={(code) => set({ code: code.trim() })}
        isRequired
        testId="role-code"
      />
      <Wide>
        <h3 className={css.heading}>{t("users.limits")}</h3>
        <RoleLimits value={limits} onChange={setLimits} />
      </Wide>
      <Wide>
        <h3 className={css.heading}>{t("users.allows")}</h3>
        <RolePermissions
          patterns={given.patterns}
          permissions={permissions}
          onChange={(patterns) => set({ patterns })}
        />
      </Wide>
      {!isNew && (
        <Wide>
          <Checkbox
            label={t("office.outOfUse")}
            value={given.archived}
            onChange={(archived) => set({ archived })}
          />
        </Wide>
      )}
    </EditDialog>
  );
}
