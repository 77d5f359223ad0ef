import { useTranslation } from "react-i18next";
import type { EntryView } from "../../api/bindings";
import { type Column, EmptyState, Section, Table, useFormat } from "../../components";
import { useNames } from "../../parts/useNames";
import css from "./Sync.module.css";

/** Entries in plain words: what was done, when, by whom, which document. */
export function Entries(props: {
  title: string;
  lead?: string;
  entries: EntryView[];
  empty?: string;
  emptyHelp?: string;
  withReason?: boolean;
  testId: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const nameOf = useNames("actions");
  const columns: Column<EntryView>[] = [
    { id: "when", title: t("sync.began"), cell: (row) => format.dateTime(row.at_ms) },
    { id: "what", title: t("sync.what"), cell: (row) => nameOf(row.kind) },
    { id: "number", title: t("common.number"), cell: (row) => row.number ?? "" },
    { id: "who", title: t("sync.who"), cell: (row) => row.who || t("sync.machineItself") },
  ];
  if (props.withReason) {
    columns.push({ id: "why", title: t("sync.deferredReason"), cell: (row) => row.reason });
  }
  const numbered = props.entries.map((entry, index) => ({ ...entry, key: String(index) }));
  return (
    <Section title={props.title} testId={props.testId}>
      {props.lead && <p className={css.soft}>{props.lead}</p>}
      {numbered.length === 0 ? (
        <EmptyState title={props.empty ?? ""}>{props.emptyHelp}</EmptyState>
      ) : (
        <Table label={props.title} rows={numbered} keyOf={(row) => row.key} columns={columns} />
      )}
    </Section>
  );
}
