import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PriceList } from "../../api/bindings";
import { useRead } from "../../api/call";
import { Checkbox, Chip, Field, Row, Select } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { Masters } from "../../parts/Masters";
import { useSave } from "../../parts/useSave";
import { WholeField } from "../../parts/WholeField";
import { useMay } from "../../seat";
import { Archived } from "./Archived";
import { ListedPrices } from "./ListedPrices";

const NEW: PriceList = {
  price_list_id: null,
  name: "",
  tax_inclusive: true,
  priority: 100,
  is_default: false,
  branch_id: null,
  archived: false,
};

const EVERYWHERE = "everywhere";

/** The lists that prices stand in. */
export default function PriceLists() {
  const { t } = useTranslation();
  const lists = useRead("catalogue.price_lists", {});
  const places = useRead("branch.list", {});
  const mayEdit = useMay("catalogue:edit");
  const branch = (row: PriceList) =>
    !row.branch_id
      ? t("office.everyBranch")
      : (places.data?.branches.find((one) => one.branch_id === row.branch_id)?.name ?? "");
  return (
    <>
      <Masters
        title={t("settings.pages.price-lists")}
        lead={t("settings.prices.lead")}
        query={lists}
        rowsOf={(all) => all.price_lists}
        keyOf={(row) => row.price_list_id ?? ""}
        isArchived={(row) => row.archived}
        addLabel={mayEdit ? t("settings.prices.add") : undefined}
        none={t("settings.prices.none")}
        columns={[
          {
            id: "name",
            title: t("common.name"),
            cell: (row) => (
              <>
                {row.name}{" "}
                {row.is_default && <Chip tone="accent">{t("settings.prices.default")}</Chip>}
              </>
            ),
          },
          {
            id: "tax",
            title: t("common.tax"),
            cell: (row) =>
              t(row.tax_inclusive ? "settings.prices.with" : "settings.prices.without"),
          },
          { id: "branch", title: t("office.holds"), cell: branch },
          {
            id: "priority",
            title: t("settings.prices.priority"),
            numeric: true,
            cell: (row) => row.priority,
          },
        ]}
        editor={(row, onClose) => <PriceListDialog given={row ?? NEW} onClose={onClose} />}
        testId="price-lists"
      />
      <ListedPrices lists={(lists.data?.price_lists ?? []).filter((row) => !row.archived)} />
    </>
  );
}

function PriceListDialog({ given, onClose }: { given: PriceList; onClose: () => void }) {
  const { t } = useTranslation();
  const places = useRead("branch.list", {});
  const [value, setValue] = useState(given);
  const [priority, setPriority] = useState<number | null>(given.priority ?? 0);
  const { save, saving } = useSave("catalogue.save_price_list", onClose);
  const set = (change: Partial<PriceList>) => setValue((now) => ({ ...now, ...change }));
  const exists = Boolean(given.price_list_id);
  const branches = (places.data?.branches ?? []).filter(
    (row) => !row.archived || row.branch_id === given.branch_id,
  );
  return (
    <EditDialog
      title={exists ? given.name : t("settings.prices.add")}
      fields={["name", "priority", "branch_id"]}
      mayEdit={useMay("catalogue:edit")}
      isReady={priority !== null}
      {...saving}
      onSave={() => priority !== null && save({ ...value, priority })}
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
      <WholeField
        name="priority"
        label={t("settings.prices.priority")}
        help={t("settings.prices.priorityHelp")}
        value={priority}
        onChange={setPriority}
      />
      <Select
        name="branch_id"
        label={t("office.holds")}
        options={[
          { id: EVERYWHERE, label: t("office.everyBranch") },
          ...branches.map((row) => ({ id: row.branch_id ?? "", label: row.name })),
        ]}
        value={value.branch_id ?? EVERYWHERE}
        onChange={(id) => set({ branch_id: id === EVERYWHERE ? null : id })}
      />
      <Wide>
        <Row>
          <Checkbox
            label={t("settings.prices.inclusive")}
            value={value.tax_inclusive}
            onChange={(tax_inclusive) => set({ tax_inclusive })}
          />
        </Row>
        <Row>
          <Checkbox
            label={t("settings.prices.isDefault")}
            value={value.is_default}
            onChange={(is_default) => set({ is_default })}
          />
        </Row>
        <p>{t("settings.prices.defaultHelp")}</p>
      </Wide>
      <Archived exists={exists} value={value.archived} onChange={(archived) => set({ archived })} />
    </EditDialog>
  );
}
