import { useInfiniteQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Account, LedgerLine } from "../../api/bindings";
import { call, useRead } from "../../api/call";
import { toFailure } from "../../api/failure";
import {
  Button,
  EmptyState,
  Facts,
  FailedState,
  Money,
  Page,
  Skeleton,
  Table,
  useFormat,
} from "../../components";
import { PeriodFields, usePeriod } from "../../parts/PeriodFields";
import { useNames } from "../../parts/useNames";
import { href, navigate } from "../../router";
import { useMay } from "../../seat";
import css from "./Finance.module.css";

/** Documents that have a receipt to look at. */
const RECEIPTS = ["sale", "return", "void"];

/** What was posted to one account in a period, oldest first. */
export function AccountLedger(props: { accountId: string; account: Account | null }) {
  const { accountId, account } = props;
  const { t } = useTranslation();
  const period = usePeriod();
  const lines = useLines(accountId, period.days, period.isWhole);
  const found = lines.data?.pages.flatMap((page) => page.lines) ?? [];
  return (
    <Page
      title={account ? `${account.code} · ${account.name}` : t("finance.unknownAccount")}
      flush
      actions={
        <Button icon={<ArrowLeft />} onPress={() => navigate("ledger")}>
          {t("finance.allAccounts")}
        </Button>
      }
      tools={<PeriodFields period={period} />}
    >
      <Sums accountId={accountId} days={period.days} isWhole={period.isWhole} />
      {lines.error ? (
        <FailedState problem={toFailure(lines.error)} onRetry={() => void lines.refetch()} />
      ) : !lines.data ? (
        <Skeleton rows={12} />
      ) : found.length === 0 ? (
        <EmptyState title={t("finance.noPostings")} />
      ) : (
        <>
          <Lines lines={found} />
          {lines.hasNextPage && (
            <div className={css.foot}>
              <Button isPending={lines.isFetching} onPress={() => void lines.fetchNextPage()}>
                {t("common.more")}
              </Button>
            </div>
          )}
        </>
      )}
    </Page>
  );
}

function useLines(account_id: string, days: { from: string; to: string }, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: ["finance.ledger", account_id, days],
    queryFn: ({ pageParam }) => call("finance.ledger", { account_id, ...days, after: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled,
  });
}

/** Before, during and at the end of the period: as the trial balance has it. */
function Sums(props: { accountId: string; days: { from: string; to: string }; isWhole: boolean }) {
  const { accountId, days, isWhole } = props;
  const { t } = useTranslation();
  const balance = useRead(
    "finance.trial_balance",
    { ...days, this_branch: false },
    { keep: true, enabled: isWhole },
  );
  const line = balance.data?.lines.find(({ account }) => account.account_id === accountId);
  if (!line) return null;
  return (
    <div className={css.pad}>
      <Facts
        facts={(["opening", "debit", "credit", "closing"] as const).map((id) => ({
          term: t(`finance.${id}`),
          value: <Money value={line[id]} />,
          testId: `ledger-${id}`,
        }))}
      />
    </div>
  );
}

function Lines({ lines }: { lines: LedgerLine[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const document = useNames("documents");
  const mayLook = useMay("pos:read");
  return (
    <Table
      label={t("finance.ledgerTitle")}
      rows={lines}
      keyOf={(row) => row.line_id}
      columns={[
        { id: "date", title: t("common.date"), cell: (row) => format.date(row.entry_date) },
        { id: "kind", title: t("finance.document"), cell: (row) => document(row.doc_kind) },
        {
          id: "number",
          title: t("common.number"),
          cell: (row) =>
            mayLook && RECEIPTS.includes(row.doc_kind) ? (
              <a href={`${href("receipts")}?q=${encodeURIComponent(row.doc_number)}`}>
                {row.doc_number}
              </a>
            ) : (
              row.doc_number
            ),
        },
        { id: "memo", title: t("finance.memo"), cell: (row) => row.memo },
        {
          id: "debit",
          title: t("finance.debit"),
          numeric: true,
          cell: (row) => (row.amount > 0 ? <Money value={row.amount} /> : ""),
        },
        {
          id: "credit",
          title: t("finance.credit"),
          numeric: true,
          cell: (row) => (row.amount < 0 ? <Money value={-row.amount} /> : ""),
        },
      ]}
    />
  );
}
