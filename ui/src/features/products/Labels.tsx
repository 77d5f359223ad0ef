import { FileDown, Printer, Tags } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Said } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import { Button, EmptyState, Notes, Page, Select, useToast } from "../../components";
import { ProductSearch } from "../../parts/ProductSearch";
import { navigate, useRoute } from "../../router";
import { LabelTable } from "./LabelTable";
import { countOf, type LabelRow, labelKey, withOneMore } from "./labels";
import css from "./Products.module.css";

/** Price labels: scan along the shelf, then print what was scanned with today's prices. */
export function LabelsPage() {
  const { t } = useTranslation();
  const toast = useToast();
  const first = useRoute().query.get("product");
  const [rows, setRows] = useState<LabelRow[]>(
    first ? [{ product_id: first, product_unit_id: null, pieces: "1" }] : [],
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const [warnings, setWarnings] = useState<Said[]>([]);
  const stocks = useRead("print.label_stocks", {});
  const print = useWrite("print.labels");
  const stock = chosen ?? stocks.data?.stocks[0] ?? null;
  const count = countOf(rows);

  const run = (as_pdf: boolean) => {
    if (!stock || count === 0) return;
    const items = rows
      .filter(({ pieces }) => Number(pieces) > 0)
      .map((row) => ({ ...row, pieces: Number(row.pieces) }));
    print.mutate(
      { items, stock, as_pdf },
      {
        onSuccess: (done) => {
          setWarnings(done.warnings);
          toast.say(
            done.path
              ? t("common.pdfSaved", { path: done.path })
              : t("products.labelsPrinted", { count: done.labels }),
          );
        },
        onError: toast.fail,
      },
    );
  };
  return (
    <Page
      title={t("products.labelsTitle")}
      actions={
        <>
          <Button onPress={() => navigate("products")}>{t("common.back")}</Button>
          <Button
            icon={<FileDown />}
            isDisabled={count === 0}
            isPending={print.isPending}
            onPress={() => run(true)}
            testId="labels-pdf"
          >
            {t("common.pdf")}
          </Button>
          <Button
            tone="accent"
            icon={<Printer />}
            isDisabled={count === 0}
            isPending={print.isPending}
            onPress={() => run(false)}
            testId="labels-print"
          >
            {t("common.print")}
          </Button>
        </>
      }
      tools={
        <>
          <div className={css.search}>
            <ProductSearch
              label={t("products.labelsAdd")}
              onPick={(hit) => setRows((now) => withOneMore(now, hit))}
              testId="labels-search"
            />
          </div>
          <Select
            label={t("products.labelsStock")}
            options={(stocks.data?.stocks ?? []).map((id) => ({ id, label: id }))}
            value={stock}
            onChange={setChosen}
            testId="labels-stock"
          />
          <strong>{t("products.labelsCount", { count })}</strong>
        </>
      }
    >
      <Notes said={warnings} />
      {rows.length === 0 ? (
        <EmptyState icon={<Tags />} title={t("products.labelsNone")}>
          {t("products.labelsNoneHelp")}
        </EmptyState>
      ) : (
        <LabelTable
          rows={rows}
          onPieces={(key, pieces) =>
            setRows((now) => now.map((row) => (labelKey(row) === key ? { ...row, pieces } : row)))
          }
          onRemove={(key) => setRows((now) => now.filter((row) => labelKey(row) !== key))}
        />
      )}
    </Page>
  );
}
