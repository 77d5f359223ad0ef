import { useDeferredValue } from "react";
import { useTranslation } from "react-i18next";
import type { PrintReceipt, ReceiptParts, ReceiptTexts as Texts } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Checkbox, Loaded, Notes, Paper, Select, TextArea } from "../../components";
import { Wide } from "../../parts/FieldSet";
import { type Draft, SettingsForm } from "../../parts/SettingsForm";
import { LogoField } from "./LogoField";
import { asLines } from "./lines";
import css from "./Settings.module.css";

const PRINT: PrintReceipt[] = ["ask", "always", "never"];
const WIDTHS = ["58", "80"] as const;
const PARTS: (keyof ReceiptParts)[] = [
  "phone",
  "tax_id",
  "item_code",
  "item_count",
  "tax_marks",
  "barcode",
];

/** What a receipt says and shows, with a receipt of a sale that never was beside it. */
export default function ReceiptTexts() {
  const { t } = useTranslation();
  const company = useRead("company.get", {});
  return (
    <Loaded query={company}>
      {(view) => (
        <SettingsForm
          section="receipt"
          title={t("settings.pages.receipt")}
          lead={t("settings.receipt.lead")}
          given={view.settings.receipt}
          required={[]}
          fields={["logo", "header", "footer"]}
        >
          {(value, set) => (
            <Wide>
              <div className={css.twin}>
                <Wide>
                  <LogoField logo={value.logo ?? null} onChange={(logo) => set({ logo })} />
                  <TextArea
                    name="header"
                    label={t("settings.receipt.header")}
                    help={t("settings.receipt.linesHelp")}
                    value={(value.header ?? []).join("\n")}
                    onChange={(text) => set({ header: asLines(text) })}
                    testId="receipt-header"
                  />
                  <TextArea
                    name="footer"
                    label={t("settings.receipt.footer")}
                    value={(value.footer ?? []).join("\n")}
                    onChange={(text) => set({ footer: asLines(text) })}
                  />
                  <Select
                    label={t("settings.receipt.print")}
                    options={PRINT.map((id) => ({ id, label: t(`settings.receipt.prints.${id}`) }))}
                    value={value.print}
                    onChange={(print) => set({ print })}
                  />
                  <Select
                    label={t("settings.printers.width")}
                    options={WIDTHS.map((id) => ({ id, label: `${id} mm` }))}
                    value={value.width_mm === 58 ? "58" : "80"}
                    onChange={(width) => set({ width_mm: width === "58" ? 58 : 80 })}
                  />
                  <Parts value={value} set={set} />
                </Wide>
                <Preview receipt={whole(view.settings.receipt, value)} />
              </div>
            </Wide>
          )}
        </SettingsForm>
      )}
    </Loaded>
  );
}

/** The settings as they would be saved. */
function whole(saved: Texts, typed: Draft<Texts>): Texts {
  return {
    header: typed.header ?? [],
    footer: typed.footer ?? [],
    width_mm: typed.width_mm ?? saved.width_mm,
    print: typed.print ?? saved.print,
    qr: typed.qr ?? saved.qr,
    logo: typed.logo === undefined ? saved.logo : typed.logo,
    show: typed.show ?? saved.show,
  };
}

/** What is printed. */
function Parts(props: { value: Draft<Texts>; set: (change: Partial<Draft<Texts>>) => void }) {
  const { value, set } = props;
  const { t } = useTranslation();
  const { show } = value;
  return (
    <fieldset className={css.parts}>
      <legend className={css.legend}>{t("settings.receipt.parts")}</legend>
      {show &&
        PARTS.map((part) => (
          <Checkbox
            key={part}
            label={t(`settings.receipt.part.${part}`)}
            value={show[part]}
            onChange={(on) => set({ show: { ...show, [part]: on } })}
            testId={`receipt-${part}`}
          />
        ))}
      <Checkbox
        label={t("settings.receipt.qr")}
        value={value.qr ?? false}
        onChange={(qr) => set({ qr })}
      />
    </fieldset>
  );
}

/** A receipt as it would come out of the printer with these settings. */
function Preview({ receipt }: { receipt: Texts }) {
  const { t } = useTranslation();
  const shown = useDeferredValue(receipt);
  const sample = useRead("print.sample", { receipt: shown }, { keep: true });
  return (
    <div
      className={`${css.sample} ${receipt.width_mm === 58 ? css.narrow : ""}`}
      data-testid="receipt-sample"
    >
      <Loaded query={sample}>
        {({ lines, warnings }) => (
          <>
            <Notes said={warnings} />
            <Paper label={t("common.preview")} lines={lines} />
          </>
        )}
      </Loaded>
    </div>
  );
}
