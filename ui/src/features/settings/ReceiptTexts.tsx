import { useTranslation } from "react-i18next";
import type {
  CompanyView,
  PreviewLine,
  PrintReceipt,
  ReceiptTexts as Texts,
} from "../../api/bindings";
import { useRead } from "../../api/call";
import { Checkbox, Loaded, Paper, Select, TextArea } from "../../components";
import { Wide } from "../../parts/FieldSet";
import { rowsOf } from "../../parts/logo";
import { type Draft, SettingsForm } from "../../parts/SettingsForm";
import { LogoField } from "./LogoField";
import { asLines } from "./lines";
import css from "./Settings.module.css";

const PRINT: PrintReceipt[] = ["ask", "always", "never"];
const WIDTHS = ["58", "80"] as const;

/** What stands above and below the goods on every receipt. */
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
                  <Checkbox
                    label={t("settings.receipt.qr")}
                    value={value.qr ?? false}
                    onChange={(qr) => set({ qr })}
                  />
                </Wide>
                <Paper label={t("common.preview")} lines={preview(view, value)} />
              </div>
            </Wide>
          )}
        </SettingsForm>
      )}
    </Loaded>
  );
}

const words = (text: string, style: "title" | "fine" | "body"): PreviewLine => ({
  kind: "text",
  text,
  centred: true,
  style,
});

/** Only the words of the shop: the goods between them come from a sale. */
function preview({ company, branch }: CompanyView, value: Draft<Texts>): PreviewLine[] {
  const { logo } = value;
  const [header, footer] = [value.header ?? [], value.footer ?? []];
  return [
    ...(logo ? [{ kind: "picture", modules: rowsOf(logo) } as const] : []),
    words(company.name, "title"),
    ...[branch.address || company.address, branch.phone || company.phone]
      .filter(Boolean)
      .map((text) => words(text, "fine")),
    ...header.map((text) => words(text, "body")),
    { kind: "rule", heavy: false },
    words("⋯", "title"),
    { kind: "rule", heavy: false },
    ...footer.map((text) => words(text, "body")),
  ];
}
