import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Account, Chart } from "../../api/bindings";
import { Banner, Select } from "../../components";
import { EditDialog } from "../../parts/EditDialog";
import { Wide } from "../../parts/FieldSet";
import { Masters } from "../../parts/Masters";
import { useNames } from "../../parts/useNames";
import { useSave } from "../../parts/useSave";
import { useMay } from "../../seat";
import type { ChartQuery } from "./Accounts";

type Mapping = Chart["mapping"][number];

/** To which account each kind of posting goes. */
export function PostingMap({ chart }: { chart: ChartQuery }) {
  const { t } = useTranslation();
  const nameOf = useNames("postings");
  const accounts = chart.data?.accounts ?? [];
  const account = (row: Mapping) => {
    const found = accounts.find(({ account_id }) => account_id === row.account_id);
    return found ? `${found.code} · ${found.name}` : t("finance.notMapped");
  };
  return (
    <Masters<Chart, Mapping>
      title={t("finance.mapping")}
      lead={t("finance.mappingLead")}
      query={chart}
      rowsOf={(data) => data.mapping}
      keyOf={(row) => row.posting_key}
      none={t("finance.noMapping")}
      columns={[
        { id: "key", title: t("finance.posting"), cell: (row) => nameOf(row.posting_key) },
        { id: "account", title: t("finance.account"), cell: account },
      ]}
      editor={(row, onClose) =>
        row && <MappingDialog given={row} accounts={accounts} onClose={onClose} />
      }
      testId="posting-map"
    />
  );
}

function MappingDialog(props: { given: Mapping; accounts: Account[]; onClose: () => void }) {
  const { given, accounts, onClose } = props;
  const { t } = useTranslation();
  const nameOf = useNames("postings");
  const [accountId, setAccountId] = useState(given.account_id);
  const { save, saving } = useSave("finance.save_mapping", onClose);
  return (
    <EditDialog
      title={nameOf(given.posting_key)}
      fields={["account_id"]}
      mayEdit={useMay("finance:edit")}
      {...saving}
      onSave={() => save({ posting_key: given.posting_key, account_id: accountId })}
      onClose={onClose}
    >
      <Wide>
        <Select
          name="account_id"
          label={t("finance.account")}
          options={accounts
            .filter((row) => !row.archived)
            .map((row) => ({ id: row.account_id ?? "", label: `${row.code} · ${row.name}` }))}
          value={accountId}
          onChange={setAccountId}
          autoFocus
        />
        <Banner tone="calm">{t("finance.mappingHelp")}</Banner>
      </Wide>
    </EditDialog>
  );
}
