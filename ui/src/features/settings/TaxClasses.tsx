import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { TaxClass } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Field, Rate, RateField } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { Masters } from "../../parts/Masters";
import { useSave } from "../../parts/useSave";
import { WholeField } from "../../parts/WholeField";
import { useMay } from "../../seat";
import { Archived } from "./Archived";
import css from "./Settings.module.css";

const NEW: TaxClass = {
  tax_class_id: null,
  code: "",
  name: "",
  rate: "0",
  share_num: 1,
  share_den: 1,
  archived: false,
};

/** How goods are taxed. */
export default function TaxClasses() {
  const { t } = useTranslation();
  const classes = useRead("catalogue.tax_classes", {});
  const mayEdit = useMay("settings:edit");
  const share = (row: TaxClass) =>
    row.share_num === row.share_den
      ? t("settings.tax.whole")
      : `${row.share_num} / ${row.share_den}`;
  return (
    <Masters
      title={t("settings.pages.tax")}
      lead={t("settings.tax.lead")}
      query={classes}
      rowsOf={(all) => all.tax_classes}
      keyOf={(row) => row.tax_class_id ?? ""}
      isArchived={(row) => row.archived}
      addLabel={mayEdit ? t("settings.tax.add") : undefined}
      none={t("settings.tax.none")}
      columns={[
        { id: "code", title: t("settings.tax.mark"), cell: (row) => row.code, width: "6rem" },
        { id: "name", title: t("common.name"), cell: (row) => row.name },
        {
          id: "rate",
          title: t("settings.tax.rate"),
          numeric: true,
          cell: (row) => <Rate value={row.rate} />,
        },
        { id: "share", title: t("settings.tax.share"), numeric: true, cell: share },
      ]}
      editor={(row, onClose) => <TaxDialog given={row ?? NEW} onClose={onClose} />}
      testId="tax-classes"
    />
  );
}

function TaxDialog({ given, onClose }: { given: TaxClass; onClose: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(given);
  const [rate, setRate] = useState<string | null>(given.rate);
  const [above, setAbove] = useState<number | null>(given.share_num ?? 1);
  const [below, setBelow] = useState<number | null>(given.share_den ?? 1);
  const { save, saving } = useSave("catalogue.save_tax_class", onClose);
  const set = (change: Partial<TaxClass>) => setValue((now) => ({ ...now, ...change }));
  const exists = Boolean(given.tax_class_id);
  const isReady = rate !== null && above !== null && below !== null;
  return (
    <EditDialog
      title={exists ? given.name : t("settings.tax.add")}
      fields={["code", "name", "rate", "share_num"]}
      mayEdit={useMay("settings:edit")}
      isReady={isReady}
      {...saving}
      onSave={() => isReady && save({ ...value, rate, share_num: above, share_den: below })}
      onClose={onClose}
    >
      <Field
        name="code"
        label={t("settings.tax.mark")}
        help={t("settings.tax.markHelp")}
        value={value.code}
        onChange={(code) => set({ code })}
        maxLength={4}
        isRequired
        autoFocus
      />
      <Field
        name="name"
        label={t("common.name")}
        value={value.name}
        onChange={(name) => set({ name })}
        isRequired
      />
      <RateField
        name="rate"
        label={t("settings.tax.rate")}
        help={exists ? t("settings.tax.rateHelp") : ""}
        value={rate}
        onChange={setRate}
      />
      <Wide>
        <div className={css.fraction}>
          <WholeField
            name="share_num"
            label={t("settings.tax.share")}
            value={above}
            onChange={setAbove}
          />
          <span className={css.over} aria-hidden="true">
            /
          </span>
          <WholeField
            name="share_den"
            label={t("settings.tax.shareOf")}
            value={below}
            onChange={setBelow}
          />
        </div>
        <p>{t("settings.tax.shareHelp")}</p>
      </Wide>
      <Archived exists={exists} value={value.archived} onChange={(archived) => set({ archived })} />
    </EditDialog>
  );
}
