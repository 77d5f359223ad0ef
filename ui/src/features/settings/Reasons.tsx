import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Reason } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Field, Select } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Masters } from "../../parts/Masters";
import { useNames } from "../../parts/useNames";
import { useSave } from "../../parts/useSave";
import { useMay } from "../../seat";
import { Archived } from "./Archived";

const ALL = "all";

/** The usual reasons, offered where the till asks for one. */
export default function Reasons() {
  const { t } = useTranslation();
  const nameOf = useNames("reasonKinds");
  const reasons = useRead("catalogue.all_reasons", {});
  const mayEdit = useMay("settings:edit");
  const [kind, setKind] = useState(ALL);
  const kinds = reasons.data?.kinds ?? [];
  const options = kinds.map((id) => ({ id, label: nameOf(id) }));
  return (
    <Masters
      title={t("settings.pages.reasons")}
      lead={t("settings.reasons.lead")}
      query={reasons}
      rowsOf={(all) => all.reasons.filter((row) => kind === ALL || row.kind === kind)}
      keyOf={(row) => row.reason_id ?? ""}
      isArchived={(row) => row.archived}
      addLabel={mayEdit ? t("settings.reasons.add") : undefined}
      none={t("settings.reasons.none")}
      tools={
        <Select
          label={t("settings.reasons.kind")}
          labelHidden
          options={[{ id: ALL, label: t("settings.reasons.every") }, ...options]}
          value={kind}
          onChange={setKind}
        />
      }
      columns={[
        { id: "kind", title: t("settings.reasons.kind"), cell: (row) => nameOf(row.kind) },
        { id: "name", title: t("common.reason"), cell: (row) => row.name },
      ]}
      editor={(row, onClose) => (
        <ReasonDialog
          given={
            row ?? {
              reason_id: null,
              kind: kind === ALL ? (kinds[0] ?? "") : kind,
              name: "",
              archived: false,
            }
          }
          options={options}
          onClose={onClose}
        />
      )}
      testId="reasons"
    />
  );
}

function ReasonDialog(props: {
  given: Reason;
  options: { id: string; label: string }[];
  onClose: () => void;
}) {
  const { given, options, onClose } = props;
  const { t } = useTranslation();
  const [value, setValue] = useState(given);
  const { save, saving } = useSave("catalogue.save_reason", onClose);
  const set = (change: Partial<Reason>) => setValue((now) => ({ ...now, ...change }));
  const exists = Boolean(given.reason_id);
  return (
    <EditDialog
      title={exists ? given.name : t("settings.reasons.add")}
      fields={["kind", "name"]}
      mayEdit={useMay("settings:edit")}
      {...saving}
      onSave={() => save(value)}
      onClose={onClose}
    >
      <Select
        name="kind"
        label={t("settings.reasons.kind")}
        options={options}
        value={value.kind}
        onChange={(kind) => set({ kind })}
      />
      <Field
        name="name"
        label={t("common.reason")}
        value={value.name}
        onChange={(name) => set({ name })}
        isRequired
        autoFocus
      />
      <Archived exists={exists} value={value.archived} onChange={(archived) => set({ archived })} />
    </EditDialog>
  );
}
