import { useTranslation } from "react-i18next";
import type { ProductView } from "../../api/bindings";
import { Field, type Problem, Select } from "../../components";
import { useScanner } from "../../input/useScanner";
import { newBarcode } from "./draft";
import { RowList, usePartProblem } from "./RowList";
import { changed, unitOptions, without } from "./rows";
import type { Form } from "./useEditor";

/** The barcodes, each of one unit. A scan anywhere on the page adds one. */
export function Barcodes(props: { form: Form; problem: Problem | null; view: ProductView | null }) {
  const { form, problem, view } = props;
  const { draft, change, isFixed } = form;
  const { t } = useTranslation();
  const said = usePartProblem(problem, "barcodes");
  useScanner({
    enabled: !isFixed,
    onScan: (code) => {
      if (draft.barcodes.some((row) => row.code === code)) return;
      const filled = draft.barcodes.filter((row) => row.code !== "");
      change({ barcodes: [...filled, newBarcode(code)] });
    },
  });
  const isWrong = (code: string) =>
    view?.barcodes.some((one) => one.code === code && one.wrong_check_digit);
  return (
    <RowList
      title={t("products.barcodes")}
      help={t("products.barcodesHelp")}
      emptyText={t("products.barcodesNone")}
      columns="minmax(0, 2fr) minmax(0, 1fr)"
      headings={[t("products.barcode"), t("common.unit")]}
      rows={draft.barcodes}
      addLabel={t("products.add.barcode")}
      onAdd={() => change({ barcodes: [...draft.barcodes, newBarcode()] })}
      onRemove={({ key }) => change({ barcodes: without(draft.barcodes, key) })}
      nameOf={(row) => row.code}
      isFixed={isFixed}
      problem={said}
      testId="product-barcodes"
      cells={(row, index) => (
        <>
          <Field
            label={`${t("products.barcode")} ${index + 1}`}
            labelHidden
            value={row.code}
            onChange={(code) => change({ barcodes: changed(draft.barcodes, row.key, { code }) })}
            isReadOnly={isFixed}
            {...(isWrong(row.code) ? { help: t("products.checkDigit") } : {})}
            testId={`product-barcode-${index + 1}`}
          />
          <Select
            label={`${t("common.unit")} ${index + 1}`}
            labelHidden
            options={unitOptions(draft)}
            value={row.unit}
            onChange={(unit) => change({ barcodes: changed(draft.barcodes, row.key, { unit }) })}
            isDisabled={isFixed}
          />
        </>
      )}
    />
  );
}
