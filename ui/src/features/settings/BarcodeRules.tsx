import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { BarcodeRule, RuleKind } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Field, Select } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { Masters } from "../../parts/Masters";
import { useSave } from "../../parts/useSave";
import { WholeField } from "../../parts/WholeField";
import { useMay } from "../../seat";
import { Archived } from "./Archived";
import css from "./Settings.module.css";
import { TryBarcode } from "./TryBarcode";

const NEW: BarcodeRule = {
  barcode_rule_id: null,
  name: "",
  pattern: "20PPPPPWWWWWC",
  value: { kind: "weight", decimals: 3 },
  archived: false,
};

const KINDS: RuleKind["kind"][] = ["weight", "price", "plain"];

/** How codes printed by the shop's own scales are read, and a place to try one. */
export default function BarcodeRules() {
  const { t } = useTranslation();
  const rules = useRead("catalogue.barcode_rules", {});
  const mayEdit = useMay("settings:edit");
  const carries = ({ value }: BarcodeRule) =>
    value.kind === "plain"
      ? t("settings.barcodes.kinds.plain")
      : `${t(`settings.barcodes.kinds.${value.kind}`)} · ${t("settings.barcodes.decimals", {
          count: value.decimals,
        })}`;
  return (
    <>
      <Masters
        title={t("settings.pages.barcodes")}
        lead={t("settings.barcodes.lead")}
        query={rules}
        rowsOf={(all) => all.rules}
        keyOf={(row) => row.barcode_rule_id ?? ""}
        isArchived={(row) => row.archived}
        addLabel={mayEdit ? t("settings.barcodes.add") : undefined}
        none={t("settings.barcodes.none")}
        columns={[
          { id: "name", title: t("common.name"), cell: (row) => row.name },
          {
            id: "pattern",
            title: t("settings.barcodes.pattern"),
            cell: (row) => <span className={css.pattern}>{row.pattern}</span>,
          },
          { id: "value", title: t("settings.barcodes.carries"), cell: carries },
        ]}
        editor={(row, onClose) => <RuleDialog given={row ?? NEW} onClose={onClose} />}
        testId="barcode-rules"
      />
      <TryBarcode />
    </>
  );
}

function RuleDialog({ given, onClose }: { given: BarcodeRule; onClose: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(given);
  const [kind, setKind] = useState(given.value.kind);
  const [decimals, setDecimals] = useState<number | null>(
    given.value.kind === "plain" ? 0 : given.value.decimals,
  );
  const { save, saving } = useSave("catalogue.save_barcode_rule", onClose);
  const set = (change: Partial<BarcodeRule>) => setValue((now) => ({ ...now, ...change }));
  const exists = Boolean(given.barcode_rule_id);
  const carried: RuleKind | null =
    kind === "plain" ? { kind } : decimals === null ? null : { kind, decimals };
  return (
    <EditDialog
      title={exists ? given.name : t("settings.barcodes.add")}
      fields={["name", "pattern"]}
      mayEdit={useMay("settings:edit")}
      isReady={carried !== null}
      {...saving}
      onSave={() => carried && save({ ...value, value: carried })}
      onClose={onClose}
    >
      <Field
        name="name"
        label={t("common.name")}
        value={value.name}
        onChange={(name) => set({ name })}
        isRequired
        autoFocus
      />
      <Field
        name="pattern"
        label={t("settings.barcodes.pattern")}
        value={value.pattern}
        onChange={(pattern) => set({ pattern: pattern.toUpperCase() })}
        isRequired
      />
      <Select
        label={t("settings.barcodes.carries")}
        options={KINDS.map((id) => ({ id, label: t(`settings.barcodes.kinds.${id}`) }))}
        value={kind}
        onChange={setKind}
      />
      {kind !== "plain" && (
        <WholeField
          name="decimals"
          label={t("settings.barcodes.decimalsLabel")}
          value={decimals}
          onChange={setDecimals}
        />
      )}
      <Wide>
        <p>{t("settings.barcodes.patternHelp")}</p>
      </Wide>
      <Archived exists={exists} value={value.archived} onChange={(archived) => set({ archived })} />
    </EditDialog>
  );
}
