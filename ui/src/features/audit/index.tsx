import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AuditEntry, AuditQuery } from "../../api/bindings";
import { call, useRead } from "../../api/call";
import { toFailure } from "../../api/failure";
import {
  Button,
  Chip,
  type Column,
  DateField,
  EmptyState,
  FailedState,
  Page,
  Select,
  Skeleton,
  Split,
  Table,
  useFormat,
} from "../../components";
import { useQueryParam } from "../../router";
import { useMay } from "../../seat";
import css from "./Audit.module.css";
import { EntryDetail } from "./EntryDetail";
import { useWords } from "./words";

const TABLES = [
  "product",
  "price",
  "price_list",
  "customer",
  "user",
  "role",
  "setting",
  "company",
  "branch",
  "terminal",
  "tax_class",
  "category",
  "reason",
  "barcode_rule",
  "account",
  "posting_account",
] as const;

const ALL = "all";

type Asked = Pick<AuditQuery, "table" | "user_id" | "from" | "to">;

/** Who changed what, who came in, who allowed what. */
export default function Audit() {
  const { t } = useTranslation();
  const [chosen, setChosen] = useQueryParam("entry");
  const [table] = useQueryParam("table");
  const [user] = useQueryParam("user");
  const [from] = useQueryParam("from");
  const [to] = useQueryParam("to");
  const trail = useTrail({
    table: table || null,
    user_id: user || null,
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  });
  const entries = trail.data?.pages.flatMap((page) => page.entries) ?? [];
  const entry = entries.find(({ reference }) => reference === chosen);
  return (
    <Page title={t("audit.title")} flush tools={<Filters />}>
      <Split
        asideWidth="27rem"
        aside={entry && <EntryDetail key={chosen} entry={entry} onClose={() => setChosen("")} />}
      >
        {trail.error ? (
          <FailedState problem={toFailure(trail.error)} onRetry={() => void trail.refetch()} />
        ) : !trail.data ? (
          <Skeleton rows={12} />
        ) : entries.length === 0 ? (
          <EmptyState title={t("audit.none")}>{t("audit.noneHelp")}</EmptyState>
        ) : (
          <>
            <Entries entries={entries} chosen={chosen} onOpen={setChosen} />
            {trail.hasNextPage && (
              <div className={css.foot}>
                <Button isPending={trail.isFetching} onPress={() => void trail.fetchNextPage()}>
                  {t("office.loadMore")}
                </Button>
              </div>
            )}
          </>
        )}
      </Split>
    </Page>
  );
}

function useTrail(asked: Asked) {
  return useInfiniteQuery({
    queryKey: ["audit.list", asked],
    queryFn: ({ pageParam }) => call("audit.list", { ...asked, cursor: pageParam, limit: null }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
  });
}

function Filters() {
  const { t } = useTranslation();
  const { tableName } = useWords();
  const [table, setTable] = useQueryParam("table");
  const [user, setUser] = useQueryParam("user");
  const [from, setFrom] = useQueryParam("from");
  const [to, setTo] = useQueryParam("to");
  const mayName = useMay("users:read");
  const users = useRead("users.list", {}, { enabled: mayName });
  return (
    <>
      <Select
        label={t("audit.part")}
        options={[
          { id: ALL, label: t("audit.everyTable") },
          ...TABLES.map((id) => ({ id: id as string, label: tableName(id) })),
        ]}
        value={table || ALL}
        onChange={(id) => setTable(id === ALL ? "" : id)}
        testId="audit-table"
      />
      {mayName && (
        <Select
          label={t("audit.who")}
          options={[
            { id: ALL, label: t("audit.everybody") },
            ...(users.data?.users ?? []).map((row) => ({ id: row.user_id, label: row.name })),
          ]}
          value={user || ALL}
          onChange={(id) => setUser(id === ALL ? "" : id)}
        />
      )}
      <DateField label={t("common.from")} value={from} onChange={setFrom} />
      <DateField label={t("common.to")} value={to} onChange={setTo} />
    </>
  );
}

function Entries(props: {
  entries: AuditEntry[];
  chosen: string;
  onOpen: (reference: string) => void;
}) {
  const { entries, chosen, onOpen } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const { who, what, tableName, sourceName, whatChanged } = useWords();
  // Beside an open entry there is room for less; what is left out stands in it.
  const source: Column<AuditEntry> = {
    id: "source",
    title: t("finance.kind"),
    cell: (row) => (
      <Chip tone={row.source === "approval" ? "warn" : "plain"}>{sourceName(row.source)}</Chip>
    ),
  };
  const on: Column<AuditEntry> = {
    id: "on",
    title: t("audit.on"),
    cell: (row) => (row.table ? tableName(row.table) : ""),
  };
  return (
    <Table
      label={t("audit.title")}
      rows={entries}
      keyOf={(row) => row.reference}
      selected={chosen || null}
      onOpen={(row) => onOpen(row.reference)}
      columns={[
        {
          id: "at",
          title: t("common.time"),
          cell: (row) => <span className={css.whole}>{format.dateTime(row.at_ms)}</span>,
        },
        { id: "who", title: t("audit.who"), cell: who },
        ...(chosen === "" ? [source] : []),
        {
          id: "what",
          title: t("audit.action"),
          cell: (row) => <span className={css.sentence}>{what(row)}</span>,
        },
        ...(chosen === "" ? [on] : []),
        {
          id: "detail",
          title: t("audit.detail"),
          cell: (row) => <span className={css.soft}>{whatChanged(row)}</span>,
        },
      ]}
    />
  );
}
