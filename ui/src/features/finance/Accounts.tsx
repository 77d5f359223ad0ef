import { Pencil } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Chart } from "../../api/bindings";
import type { useRead } from "../../api/call";
import {
  Button,
  Checkbox,
  Chip,
  EmptyState,
  Field,
  IconButton,
  Loaded,
  SearchField,
  Section,
  Select,
  Table,
} from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { useSave } from "../../parts/useSave";
import { href, navigate } from "../../router";
import { useMay } from "../../seat";
import css from "./Finance.module.css";
import { Kind } from "./Kind";

const KINDS = ["asset", "liability", "equity", "income", "expense"] as const;
type AccountKind = (typeof KINDS)[number];

const NEW: Account = {
  account_id: null,
  code: "",
  name: "",
  kind: "expense",
  control: false,
  archived: false,
};

export type ChartQuery = ReturnType<typeof useRead<"finance.chart">>;

/** Every account; opening one shows its ledger. */
export function Accounts({ chart }: { chart: ChartQuery }) {
  const { t } = useTranslation();
  const mayEdit = useMay("finance:edit");
  const [text, setText] = useState("");
  const [edited, setEdited] = useState<Account | null>(null);
  const fits = (row: Account) =>
    `${row.code} ${row.name}`.toLowerCase().includes(text.trim().toLowerCase());
  return (
    <Section
      title={t("finance.accounts")}
      actions={
        <>
          <SearchField label={t("common.search")} value={text} onChange={setText} />
          {mayEdit && (
            <Button tone="accent" onPress={() => setEdited(NEW)} testId="account-add">
              {t("finance.addAccount")}
            </Button>
          )}
        </>
      }
    >
      <p className={css.soft}>{t("finance.accountsLead")}</p>
      <Loaded query={chart} rows={12}>
        {(data: Chart) => {
          const rows = data.accounts.filter(fits);
          if (rows.length === 0) {
            return (
              <EmptyState
                title={t(data.accounts.length === 0 ? "finance.noAccounts" : "common.nothingFound")}
              />
            );
          }
          return <AccountTable rows={rows} {...(mayEdit ? { onEdit: setEdited } : {})} />;
        }}
      </Loaded>
      {edited && <AccountDialog given={edited} onClose={() => setEdited(null)} />}
    </Section>
  );
}

function AccountTable(props: { rows: Account[]; onEdit?: (row: Account) => void }) {
  const { rows, onEdit } = props;
  const { t } = useTranslation();
  return (
    <Table
      label={t("finance.accounts")}
      rows={rows}
      keyOf={(row) => row.account_id ?? ""}
      onOpen={(row) => navigate("ledger", row.account_id ?? "")}
      columns={[
        { id: "code", title: t("common.code"), cell: (row) => row.code, width: "7rem" },
        {
          id: "name",
          title: t("common.name"),
          cell: (row) => (
            <a className={css.link} href={href("ledger", row.account_id ?? "")} tabIndex={-1}>
              {row.name}
            </a>
          ),
        },
        { id: "kind", title: t("finance.kind"), cell: (row) => <Kind kind={row.kind} /> },
        {
          id: "control",
          title: t("office.state"),
          cell: (row) => (
            <>
              {row.control && <Chip>{t("finance.control")}</Chip>}{" "}
              {row.archived && <Chip tone="warn">{t("common.archived")}</Chip>}
            </>
          ),
        },
        {
          id: "edit",
          title: t("common.change"),
          titleHidden: true,
          numeric: true,
          cell: (row) =>
            onEdit && (
              // The row opens the ledger; its button must not.
              // biome-ignore lint/a11y/noStaticElementInteractions: only keeps a click from the row
              // biome-ignore lint/a11y/useKeyWithClickEvents: the button inside takes the keys
              <span onClick={(event) => event.stopPropagation()}>
                <IconButton
                  label={t("finance.editAccount")}
                  icon={<Pencil />}
                  size="small"
                  onPress={() => onEdit(row)}
                />
              </span>
            ),
        },
      ]}
    />
  );
}

function AccountDialog({ given, onClose }: { given: Account; onClose: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState(given);
  const { save, saving } = useSave("finance.save_account", onClose);
  const set = (change: Partial<Account>) => setValue((now) => ({ ...now, ...change }));
  return (
    <EditDialog
      title={given.account_id ? given.name : t("finance.addAccount")}
      fields={["code", "name", "kind"]}
      mayEdit={useMay("finance:edit")}
      {...saving}
      onSave={() => save(value)}
      onClose={onClose}
    >
      <Field
        name="code"
        label={t("common.code")}
        value={value.code}
        onChange={(code) => set({ code })}
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
      <Select
        name="kind"
        label={t("finance.kind")}
        options={KINDS.map((id) => ({ id, label: t(`finance.kinds.${id}`) }))}
        value={value.kind as AccountKind}
        onChange={(kind) => set({ kind })}
      />
      <Wide>
        <Checkbox
          label={t("finance.controlHelp")}
          value={value.control}
          onChange={(control) => set({ control })}
        />
        {given.account_id && (
          <Checkbox
            label={t("office.outOfUse")}
            value={value.archived}
            onChange={(archived) => set({ archived })}
          />
        )}
      </Wide>
    </EditDialog>
  );
}
