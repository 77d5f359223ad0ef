import { useState } from "react";
import { useTranslation } from "react-i18next";
import type {
  Cut,
  EscposOptions,
  PaperKind,
  Printer,
  PrinterSpeech,
  Printers,
} from "../../api/bindings";
import { Checkbox, Field, Select } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { useSave } from "../../parts/useSave";
import { useMay } from "../../seat";
import { DestinationFields } from "./DestinationFields";
import { emptyPlace, isWhole, newPrinter } from "./printer";
import css from "./Settings.module.css";

const SPEECHES: PrinterSpeech[] = ["escpos", "pdf"];
const CUTS: Cut[] = ["partial", "full", "none"];
const DRAWERS = ["none", "pin2", "pin5"] as const;
const ABLE = ["qr_native", "barcode_native", "small_font", "inverse"] as const;

interface Part {
  value: Printer;
  set: (change: Partial<Printer>) => void;
}

/** One printer: its name, where it is, what it can do. */
export function PrinterDialog(props: {
  paper: PaperKind;
  printers: Printers;
  onClose: () => void;
}) {
  const { paper, printers, onClose } = props;
  const { t } = useTranslation();
  const [value, setValue] = useState<Printer>(printers[paper] ?? newPrinter(paper));
  const { save, saving } = useSave("print.save_printers", onClose);
  const set = (change: Partial<Printer>) => setValue((now) => ({ ...now, ...change }));
  const isReady =
    value.name.trim() !== "" &&
    isWhole(value.destination) &&
    (value.fallback === null || isWhole(value.fallback));
  return (
    <EditDialog
      title={t(`settings.printers.papers.${paper}`)}
      size="large"
      fields={[]}
      mayEdit={useMay("settings:edit")}
      isReady={isReady}
      {...saving}
      onSave={() => save({ ...printers, [paper]: value })}
      onClose={onClose}
      testId="printer-dialog"
    >
      <Field
        label={t("common.name")}
        help={t("settings.printers.nameHelp")}
        value={value.name}
        onChange={(name) => set({ name })}
        autoFocus
        testId="printer-name"
      />
      <DestinationFields
        label={t("settings.printers.joined")}
        value={value.destination}
        onChange={(destination) => set({ destination })}
      />
      <Select
        label={t("settings.printers.speech")}
        options={SPEECHES.map((id) => ({ id, label: t(`settings.printers.speeches.${id}`) }))}
        value={value.speech}
        onChange={(speech) => set({ speech })}
      />
      {value.speech === "escpos" && <ReceiptPrinter value={value} set={set} />}
      <Fallback value={value} set={set} />
    </EditDialog>
  );
}

/** What only a receipt printer has: a width, a knife, a drawer. */
function ReceiptPrinter({ value, set }: Part) {
  const { t } = useTranslation();
  const option = (change: Partial<EscposOptions>) =>
    set({ options: { ...value.options, ...change } });
  return (
    <>
      <Select
        label={t("settings.printers.width")}
        options={(["58", "80"] as const).map((id) => ({ id, label: `${id} mm` }))}
        value={value.width_mm === 58 ? "58" : "80"}
        onChange={(width) => set({ width_mm: width === "58" ? 58 : 80 })}
      />
      <Select
        label={t("settings.printers.cut")}
        options={CUTS.map((id) => ({ id, label: t(`settings.printers.cuts.${id}`) }))}
        value={value.options.cut}
        onChange={(cut) => option({ cut })}
      />
      <Select
        label={t("settings.printers.drawer")}
        options={DRAWERS.map((id) => ({ id, label: t(`settings.printers.drawers.${id}`) }))}
        value={value.drawer ?? "none"}
        onChange={(pin) => set({ drawer: pin === "none" ? null : pin })}
      />
      <Wide>
        <div className={css.ticks}>
          {ABLE.map((name) => (
            <Checkbox
              key={name}
              label={t(`settings.printers.able.${name}`)}
              value={value.options[name]}
              onChange={(on) => option({ [name]: on })}
            />
          ))}
        </div>
      </Wide>
    </>
  );
}

/** Where papers go while the printer does not answer. */
function Fallback({ value, set }: Part) {
  const { t } = useTranslation();
  return (
    <>
      <Wide>
        <Checkbox
          label={t("settings.printers.fallback")}
          value={value.fallback !== null}
          onChange={(on) => set({ fallback: on ? emptyPlace("folder") : null })}
        />
      </Wide>
      {value.fallback && (
        <DestinationFields
          label={t("settings.printers.fallbackJoined")}
          value={value.fallback}
          onChange={(fallback) => set({ fallback })}
        />
      )}
    </>
  );
}
