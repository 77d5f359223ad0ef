import { useTranslation } from "react-i18next";
import type { TrialBalance as Balance } from "../../api/bindings";
import { useRead } from "../../api/call";
import {
  Banner,
  Checkbox,
  Chip,
  type Column,
  EmptyState,
  Loaded,
  Money,
  Page,
  Table,
  useFormat,
} from "../../components";
import { PeriodFields, usePeriod } from "../../parts/PeriodFields";
import { href, useQueryParam } from "../../router";
import css from "./Finance.module.css";
import { Kind } from "./Kind";

/** What every account held before, what moved, and what it holds. */
export default function TrialBalance() {
  const { t } = useTranslation();
  const period = usePeriod();
  const [branch, setBranch] = useQueryParam("branch");
  const balance = useRead(
    "finance.trial_balance",
    { ...period.days, this_branch: branch !== "" },
    { keep: true, enabled: period.isWhole },
  );
  return (
    <Page
      title={t("finance.trialBalance")}
      lead={t("finance.creditNegative")}
      flush
      actions={balance.data && <Agreement balance={balance.data} />}
      tools={
        <>
          <PeriodFields period={period} />
          <Checkbox
            label={t("office.thisBranch")}
            value={branch !== ""}
            onChange={(on) => setBranch(on ? "this" : "")}
          />
        </>
      }
    >
      <Loaded query={balance} rows={12}>
        {(data) => <Lines balance={data} days={period.days} />}
      </Loaded>
    </Page>
  );
}

function Agreement({ balance }: { balance: Balance }) {
  const { t } = useTranslation();
  const format = useFormat();
  const agrees = balance.difference === 0 && balance.debit === balance.credit;
  return (
    <>
      <Chip>{t("finance.asOf", { count: balance.as_of_commit })}</Chip>
      {agrees ? (
        <Chip tone="accent" testId="books-agree">
          {t("finance.balanced")}
        </Chip>
      ) : (
        <Banner tone="danger">
          {t("finance.unbalanced", { amount: format.money(balance.difference) })}
        </Banner>
      )}
    </>
  );
}

function Lines({ balance, days }: { balance: Balance; days: { from: string; to: string } }) {
  const { t } = useTranslation();
  if (balance.lines.length === 0) return <EmptyState title={t("finance.noPostings")} />;
  type Line = Balance["lines"][number];
  const figure = (id: "opening" | "debit" | "credit" | "closing"): Column<Line> => ({
    id,
    title: t(`finance.${id}`),
    numeric: true,
    cell: (row) => (
      <span className={row[id] === 0 ? css.soft : undefined}>
        <Money value={row[id]} />
      </span>
    ),
  });
  const ledger = ({ account_id }: Line["account"]) =>
    `${href("ledger", account_id ?? "")}?from=${days.from}&to=${days.to}`;
  return (
    <Table
      label={t("finance.trialBalance")}
      rows={balance.lines}
      keyOf={(row) => row.account.account_id ?? row.account.code}
      onOpen={({ account }) => {
        window.location.hash = ledger(account);
      }}
      columns={[
        { id: "code", title: t("common.code"), cell: (row) => row.account.code, width: "7rem" },
        {
          id: "name",
          title: t("finance.account"),
          cell: ({ account }) => (
            <a className={css.link} href={ledger(account)} tabIndex={-1}>
              {account.name}
            </a>
          ),
        },
        {
          id: "kind",
          title: t("finance.kind"),
          cell: ({ account }) => <Kind kind={account.kind} />,
        },
        figure("opening"),
        figure("debit"),
        figure("credit"),
        figure("closing"),
      ]}
      totals={{
        name: t("common.total"),
        debit: <Money value={balance.debit} />,
        credit: <Money value={balance.credit} />,
        closing: <Money value={balance.difference} />,
      }}
    />
  );
}
