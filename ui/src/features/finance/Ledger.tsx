import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Loaded, Page, Tabs } from "../../components";
import { useQueryParam, useRoute } from "../../router";
import { AccountLedger } from "./AccountLedger";
import { Accounts } from "./Accounts";
import css from "./LedgerPage.module.css";
import { PostingMap } from "./PostingMap";

/** The accounts and where postings go; one account's ledger when it is in the address. */
export default function Ledger() {
  const { t } = useTranslation();
  const { path } = useRoute();
  const [tab, setTab] = useQueryParam("tab", "accounts");
  const chart = useRead("finance.chart", {});
  const accountId = path[1];
  if (accountId) {
    return (
      <Loaded query={chart} rows={12}>
        {({ accounts }) => (
          <AccountLedger
            key={accountId}
            accountId={accountId}
            account={accounts.find((row) => row.account_id === accountId) ?? null}
          />
        )}
      </Loaded>
    );
  }
  return (
    <Page title={t("finance.ledgerTitle")}>
      <div className={css.page}>
        <Tabs
          label={t("finance.ledgerTitle")}
          selected={tab}
          onSelect={setTab}
          items={[
            {
              id: "accounts",
              title: t("finance.accounts"),
              content: <Accounts chart={chart} />,
            },
            { id: "mapping", title: t("finance.mapping"), content: <PostingMap chart={chart} /> },
          ]}
        />
      </div>
    </Page>
  );
}
