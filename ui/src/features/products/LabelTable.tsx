import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { LabelData } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Field, IconButton, Loaded, Section, Table, UnitPrice } from "../../components";
import { type LabelRow, labelKey } from "./labels";
import css from "./Products.module.css";

const DIGITS_MAX = 4;

/** What will stand on the labels: the program's own answer, with today's price. */
export function LabelTable(props: {
  rows: LabelRow[];
  onPieces: (key: string, pieces: string) => void;
  onRemove: (key: string) => void;
}) {
  const { rows, onPieces, onRemove } = props;
  const { t } = useTranslation();
  const wanted = rows.map(({ product_id, product_unit_id }) => ({ product_id, product_unit_id }));
  const labels = useRead("catalogue.labels", { products: wanted }, { keep: true });
  const price = (label: LabelData) =>
    label.price === null ? (
      <span className={css.faint}>{t("products.noPrice")}</span>
    ) : (
      <UnitPrice value={label.price} />
    );
  return (
    <Section>
      <Loaded query={labels}>
        {({ labels: shown }) => (
          <Table
            label={t("products.labels")}
            rows={rows.map((row, index) => ({ row, label: shown[index] }))}
            keyOf={({ row }) => labelKey(row)}
            columns={[
              { id: "name", title: t("common.name"), cell: ({ label }) => label?.name },
              { id: "code", title: t("common.code"), cell: ({ label }) => label?.code },
              { id: "barcode", title: t("products.barcode"), cell: ({ label }) => label?.barcode },
              { id: "unit", title: t("common.unit"), cell: ({ label }) => label?.unit },
              {
                id: "price",
                title: t("common.price"),
                numeric: true,
                cell: ({ label }) => label && price(label),
              },
              {
                id: "pieces",
                title: t("products.labelsPieceHead"),
                numeric: true,
                cell: ({ row, label }) => (
                  <div className={css.pieces}>
                    <Field
                      label={t("products.labelsPieces", { name: label?.name ?? "" })}
                      labelHidden
                      numeric
                      inputMode="numeric"
                      value={row.pieces}
                      onChange={(typed) =>
                        onPieces(labelKey(row), typed.replace(/\D/g, "").slice(0, DIGITS_MAX))
                      }
                    />
                  </div>
                ),
              },
              {
                id: "remove",
                title: t("common.remove"),
                titleHidden: true,
                numeric: true,
                cell: ({ row, label }) => (
                  <IconButton
                    label={`${t("common.remove")} ${label?.name ?? ""}`}
                    icon={<X />}
                    size="small"
                    onPress={() => onRemove(labelKey(row))}
                  />
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Section>
  );
}
