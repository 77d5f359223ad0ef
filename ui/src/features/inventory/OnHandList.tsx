import { PackageOpen } from "lucide-react";
import { useDeferredValue, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { OnHand } from "../../api/bindings";
import {
  Button,
  Checkbox,
  EmptyState,
  type GridColumn,
  Money,
  Page,
  Qty,
  SearchField,
} from "../../components";
import { useScanner } from "../../input/useScanner";
import { navigateKeeping } from "../../parts/listAddress";
import { PagedGrid } from "../../parts/PagedGrid";
import { usePages } from "../../parts/usePages";
import { useQueryParam } from "../../router";
import { useMay } from "../../seat";
import { AdjustDialog } from "./AdjustDialog";
import css from "./Inventory.module.css";
import { Status } from "./Status";

/** What is on hand in every place, and what it is worth. */
export function OnHandList() {
  const { t } = useTranslation();
  const mayAdjust = useMay("inventory:adjust");
  const [adjusting, setAdjusting] = useState(false);
  const [text, setText] = useQueryParam("q");
  const [negative, setNegative] = useQueryParam("negative");
  useScanner({ enabled: !adjusting, onScan: setText });
  const asked = { text: useDeferredValue(text.trim()), negative_only: negative !== "" };
  const pages = usePages("inventory.on_hand", {
    key: asked,
    argsAt: (mark) => ({ ...asked, after: String(mark ?? "") }),
    rowsOf: (page) => page.lines,
    nextOf: (page) => page.next,
  });
  const isFiltered = asked.text !== "" || asked.negative_only;
  return (
    <Page
      title={t("inventory.title")}
      lead={
        pages.first && (
          <span data-testid="stock-value">
            {t("inventory.totalValue")}: <Money value={pages.first.total_value} symbol />
          </span>
        )
      }
      flush
      actions={mayAdjust && <AdjustButton onPress={() => setAdjusting(true)} />}
      tools={
        <>
          <SearchField
            label={t("inventory.search")}
            value={text}
            onChange={setText}
            autoFocus
            testId="inventory-search"
          />
          <Checkbox
            label={t("inventory.negativeOnly")}
            value={asked.negative_only}
            onChange={(on) => setNegative(on ? "1" : "")}
          />
        </>
      }
    >
      <PagedGrid
        label={t("inventory.title")}
        pages={pages}
        columns={useColumns()}
        keyOf={(row) => `${row.product_id} ${row.location} ${row.status}`}
        onOpen={(row) => navigateKeeping("inventory", row.product_id)}
        empty={
          <EmptyState title={isFiltered ? t("inventory.none") : t("inventory.empty")}>
            {isFiltered ? t("inventory.noneHelp") : t("inventory.emptyHelp")}
          </EmptyState>
        }
      />
      {adjusting && <AdjustDialog product={null} onClose={() => setAdjusting(false)} />}
    </Page>
  );
}

export function AdjustButton({ onPress }: { onPress: () => void }) {
  const { t } = useTranslation();
  return (
    <Button tone="accent" icon={<PackageOpen />} onPress={onPress} testId="inventory-adjust">
      {t("inventory.adjust")}
    </Button>
  );
}

/** The order is the program's, by code: it knows all pages. */
function useColumns(): GridColumn<OnHand>[] {
  const { t, i18n } = useTranslation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the words follow the language
  return useMemo(() => {
    const columns: GridColumn<OnHand>[] = [
      { id: "code", title: t("common.code"), value: (row) => row.code, width: 140 },
      {
        id: "name",
        title: t("common.name"),
        value: (row) => row.name,
        grow: true,
        width: 280,
      },
      { id: "location", title: t("inventory.location"), value: (row) => row.location, width: 140 },
      {
        id: "status",
        title: t("inventory.status"),
        value: (row) => row.status,
        cell: (row) => <Status status={row.status} />,
        width: 130,
      },
      {
        id: "qty",
        title: t("inventory.onHand"),
        value: (row) => row.qty,
        cell: (row) => (
          <span className={row.qty.startsWith("-") ? css.negative : undefined}>
            <Qty value={row.qty} unit={row.unit} />
          </span>
        ),
        numeric: true,
        width: 150,
      },
      {
        id: "value",
        title: t("inventory.value"),
        value: (row) => row.value,
        cell: (row) => <Money value={row.value} symbol={false} />,
        numeric: true,
        width: 150,
      },
    ];
    return columns.map((column) => ({ ...column, sortable: false }));
  }, [i18n.language]);
}
