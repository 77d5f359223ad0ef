import { X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "../../api/bindings";
import { useRead } from "../../api/call";
import {
  Banner,
  Button,
  type Fact,
  Facts,
  IconButton,
  Loaded,
  Stack,
  Table,
  useFormat,
} from "../../components";
import css from "./Audit.module.css";
import { type Shown, show } from "./show";
import { useWords } from "./words";

/** One entry: what it was, what it became; and what else happened to the same row. */
export function EntryDetail({ entry, onClose }: { entry: AuditEntry; onClose: () => void }) {
  const { t } = useTranslation();
  const { what, tableName } = useWords();
  const [withHistory, setWithHistory] = useState(false);
  const { table, key } = entry;
  return (
    <Stack>
      <div className={css.title}>
        <strong className={css.sentence}>{what(entry)}</strong>
        <IconButton label={t("common.close")} icon={<X />} size="small" onPress={onClose} />
      </div>
      <About entry={entry} />
      {entry.table && <Changes entry={entry} />}
      {table && key && !withHistory && (
        <Button onPress={() => setWithHistory(true)}>
          {t("audit.other", { table: tableName(table).toLowerCase() })}
        </Button>
      )}
      {table && key && withHistory && <RowHistory table={table} id={key} but={entry.reference} />}
    </Stack>
  );
}

function About({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { tableName, who, whatChanged } = useWords();
  const facts: Fact[] = [
    { term: t("common.time"), value: format.dateTime(entry.at_ms) },
    { term: t("audit.who"), value: who(entry) },
  ];
  if (entry.table) facts.push({ term: t("audit.on"), value: tableName(entry.table) });
  if (entry.detail) facts.push({ term: t("audit.detail"), value: whatChanged(entry) });
  if (entry.reason) facts.push({ term: t("common.reason"), value: entry.reason });
  return (
    <>
      <Facts facts={facts} />
      {entry.approved_by && (
        <Banner tone="warn">{t("audit.approvedBy", { name: entry.approved_by })}</Banner>
      )}
    </>
  );
}

function Changes({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const { fieldName } = useWords();
  if (entry.changes.length === 0) return <p className={css.soft}>{t("audit.noChanges")}</p>;
  return (
    <Table
      label={t("audit.detail")}
      rows={entry.changes}
      keyOf={(row) => row.field}
      columns={[
        { id: "field", title: t("audit.field"), cell: (row) => fieldName(row.field) },
        {
          id: "before",
          title: t("audit.before"),
          cell: (row) => (
            <span className={css.before}>
              <Value of={show(row.field, row.before)} />
            </span>
          ),
        },
        {
          id: "after",
          title: t("audit.after"),
          cell: (row) => (
            <span className={css.after}>
              <Value of={show(row.field, row.after)} />
            </span>
          ),
        },
      ]}
    />
  );
}

function Value({ of }: { of: Shown }) {
  const { t } = useTranslation();
  const format = useFormat();
  switch (of.kind) {
    case "nothing":
      return <>—</>;
    case "secret":
      return <>{t("audit.hidden")}</>;
    case "yes":
    case "no":
      return <>{t(`common.${of.kind}`)}</>;
    case "money":
      return <>{format.money(of.minor)}</>;
    case "decimal":
      return <>{format.qty(of.text)}</>;
    case "list":
      return (
        <span className={css.list}>
          {of.items.map((item) => (
            <span key={item}>{item}</span>
          ))}
        </span>
      );
    case "id":
      return <span className={css.id}>{of.text}</span>;
    default:
      return <>{of.text}</>;
  }
}

/** The other changes of one row, newest first. */
function RowHistory({ table, id, but }: { table: string; id: string; but: string }) {
  const format = useFormat();
  const { what, tableName } = useWords();
  const { t } = useTranslation();
  const history = useRead("audit.of", { table, id });
  return (
    <Loaded query={history} rows={3}>
      {({ entries }) => (
        <Stack>
          <strong>{t("audit.other", { table: tableName(table).toLowerCase() })}</strong>
          {entries
            .filter(({ reference }) => reference !== but)
            .map((entry) => (
              <div key={entry.reference}>
                <p className={css.soft}>
                  {format.dateTime(entry.at_ms)} · {entry.user || t("audit.machine")} ·{" "}
                  {what(entry)}
                </p>
                <Changes entry={entry} />
              </div>
            ))}
          {entries.length <= 1 && <p className={css.soft}>{t("common.none")}</p>}
        </Stack>
      )}
    </Loaded>
  );
}
