import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Places as AllPlaces, Branch, Terminal } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Checkbox, Chip, Field, TextArea } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { Masters } from "../../parts/Masters";
import { useSave } from "../../parts/useSave";
import { useMay, useSeat } from "../../seat";

const NEW: Branch = {
  branch_id: null,
  code: "",
  name: "",
  address: "",
  phone: "",
  tax_number: "",
  archived: false,
};

/** Branches and the tills in them. */
export default function Places() {
  const { t } = useTranslation();
  const places = useRead("branch.list", {});
  const mayEdit = useMay("settings:edit");
  const here = useSeat().place;
  const branchOf = (id: string) => places.data?.branches.find((row) => row.branch_id === id);
  return (
    <>
      <Masters<AllPlaces, Branch>
        title={t("settings.places.branches")}
        lead={t("settings.places.branchesLead")}
        query={places}
        rowsOf={(all) => all.branches}
        keyOf={(row) => row.branch_id ?? ""}
        isArchived={(row) => row.archived}
        addLabel={mayEdit ? t("settings.places.addBranch") : undefined}
        none={t("settings.places.noBranches")}
        columns={[
          { id: "code", title: t("common.code"), cell: (row) => row.code, width: "7rem" },
          {
            id: "name",
            title: t("common.name"),
            cell: (row) => (
              <>
                {row.name}{" "}
                {row.branch_id === here.branch.branch_id && (
                  <Chip tone="accent">{t("settings.places.here")}</Chip>
                )}
              </>
            ),
          },
          { id: "address", title: t("start.address"), cell: (row) => row.address },
          { id: "phone", title: t("start.phone"), cell: (row) => row.phone },
        ]}
        editor={(row, onClose) => <BranchDialog branch={row ?? NEW} onClose={onClose} />}
        testId="branches"
      />
      <Masters<AllPlaces, Terminal>
        title={t("settings.places.terminals")}
        lead={t("settings.places.terminalsLead")}
        query={places}
        rowsOf={(all) => all.terminals}
        keyOf={(row) => row.terminal_id}
        isArchived={(row) => row.archived}
        none={t("settings.places.noTerminals")}
        columns={[
          {
            id: "series",
            title: t("settings.places.series"),
            cell: (row) => row.series,
            width: "7rem",
          },
          {
            id: "name",
            title: t("common.name"),
            cell: (row) => (
              <>
                {row.name}{" "}
                {row.terminal_id === here.terminal.terminal_id && (
                  <Chip tone="accent">{t("settings.places.here")}</Chip>
                )}
              </>
            ),
          },
          {
            id: "branch",
            title: t("common.branch"),
            cell: (row) => branchOf(row.branch_id)?.name ?? "",
          },
        ]}
        editor={(row, onClose) => row && <TerminalDialog terminal={row} onClose={onClose} />}
      />
    </>
  );
}

function BranchDialog({ branch, onClose }: { branch: Branch; onClose: () => void }) {
  const { t } = useTranslation();
  const [given, setGiven] = useState(branch);
  const { save, saving } = useSave("branch.save", onClose);
  const isNew = !branch.branch_id;
  const bind = (name: "code" | "name" | "address" | "phone" | "tax_number") => ({
    name,
    value: given[name],
    onChange: (value: string) => setGiven((now) => ({ ...now, [name]: value })),
  });
  return (
    <EditDialog
      title={isNew ? t("settings.places.addBranch") : branch.name}
      fields={["code", "name", "address", "phone", "tax_number"]}
      mayEdit={useMay("settings:edit")}
      {...saving}
      onSave={() => save(given)}
      onClose={onClose}
    >
      <Field
        {...bind("code")}
        label={t("start.branchCode")}
        help={isNew ? t("start.branchCodeHelp") : t("settings.places.codeStays")}
        isDisabled={!isNew}
        autoFocus={isNew}
        isRequired
        onChange={(code) => setGiven((now) => ({ ...now, code: code.toUpperCase() }))}
      />
      <Field {...bind("name")} label={t("start.branchName")} isRequired autoFocus={!isNew} />
      <Field {...bind("phone")} label={t("start.phone")} />
      <Field {...bind("tax_number")} label={t("settings.places.taxNumber")} />
      <Wide>
        <TextArea {...bind("address")} label={t("start.address")} rows={2} />
      </Wide>
      {!isNew && (
        <Wide>
          <Checkbox
            label={t("settings.places.closed")}
            value={given.archived}
            onChange={(archived) => setGiven((now) => ({ ...now, archived }))}
          />
        </Wide>
      )}
    </EditDialog>
  );
}

function TerminalDialog({ terminal, onClose }: { terminal: Terminal; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(terminal.name);
  const { save, saving } = useSave("terminal.save", onClose);
  return (
    <EditDialog
      title={`${terminal.series} · ${terminal.name}`}
      fields={["name"]}
      mayEdit={useMay("settings:edit")}
      {...saving}
      onSave={() => save({ terminal_id: terminal.terminal_id, name })}
      onClose={onClose}
    >
      <Field
        name="name"
        label={t("start.terminalName")}
        value={name}
        onChange={setName}
        isRequired
        autoFocus
      />
    </EditDialog>
  );
}
