import { FileDown, Printer } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { StatementLine, Statement as StatementPage } from "../../api/bindings";
import {
  Button,
  type Column,
  DateField,
  EmptyState,
  FailedState,
  Money,
  Row,
  Section,
  Skeleton,
  Table,
  useFormat,
  useSentence,
} from "../../components";
import { daysOf, today } from "../../parts/days";
import { usePages } from "../../parts/usePages";
import { usePaper } from "../../parts/usePaper";
import { CreditFacts } from "./CreditFacts";

/** What was charged and paid in some days, and what was owed after each. */
export function Statement({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  const [from, setFrom] = useState(() => daysOf("last_month", today())?.from ?? today());
  const [to, setTo] = useState(() => today());
  const asked = { customer_id: customerId, from, to };
  const paper = usePaper({ kind: "statement", ...asked });
  const pages = usePages("customers.statement", {
    key: asked,
    argsAt: (mark) => ({ ...asked, offset: Number(mark ?? 0) }),
    rowsOf: (page) => page.lines,
    nextOf: (page) => page.next_offset,
    enabled: from !== "" && to !== "",
  });
  const first = pages.first;
  const problem = pages.error?.fields.to;
  return (
    <>
      {first && <CreditFacts credit={first.credit} />}
      <Section title={t("customers.statement")}>
        <Row>
          <DateField label={t("common.from")} value={from} onChange={setFrom} />
          <DateField
            label={t("common.to")}
            value={to}
            onChange={setTo}
            error={problem && sentence(problem)}
          />
        </Row>
        <Row>
          <Button
            icon={<FileDown />}
            isDisabled={!first}
            isPending={paper.isSaving}
            onPress={paper.savePdf}
            testId="statement-pdf"
          >
            {t("common.pdf")}
          </Button>
          <Button
            icon={<Printer />}
            isDisabled={!first}
            isPending={paper.isPrinting}
            onPress={() => paper.print()}
            testId="statement-print"
          >
            {t("till.printer")}
          </Button>
        </Row>
        {first && pages.rows ? (
          <Lines first={first} rows={pages.rows} />
        ) : pages.error ? (
          <FailedState problem={pages.error} onRetry={pages.refetch} />
        ) : (
          <Skeleton rows={5} />
        )}
        {pages.hasMore && (
          <Row>
            <Button onPress={pages.more}>{t("common.more")}</Button>
          </Row>
        )}
      </Section>
    </>
  );
}

function Lines({ first, rows }: { first: StatementPage; rows: StatementLine[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const last = rows.at(-1);
  const document = (kind: string) =>
    t(`customers.documents.${kind as "sale"}`, { defaultValue: kind });
  const amount = (value: number) => (value === 0 ? "" : <Money value={value} />);
  if (!last) return <EmptyState title={t("customers.statementNone")} />;
  const columns: Column<StatementLine>[] = [
    { id: "date", title: t("common.date"), cell: (row) => format.date(row.date) },
    {
      id: "document",
      title: t("customers.document"),
      cell: (row) => `${document(row.doc_kind)} ${row.doc_number}`,
    },
    { id: "memo", title: t("common.note"), cell: (row) => row.memo },
    {
      id: "charged",
      title: t("customers.charged"),
      numeric: true,
      cell: (row) => amount(row.charged),
    },
    { id: "paid", title: t("customers.paid"), numeric: true, cell: (row) => amount(row.paid) },
    {
      id: "balance",
      title: t("customers.balance"),
      numeric: true,
      cell: (row) => <Money value={row.balance} />,
    },
  ];
  return (
    <>
      <p>
        {t("customers.opening")}: <Money value={first.opening} />
      </p>
      <Table
        label={t("customers.statement")}
        columns={columns}
        rows={rows}
        keyOf={(row) => `${row.date} ${row.doc_number} ${row.balance}`}
        totals={{ date: t("customers.closing"), balance: <Money value={last.balance} /> }}
      />
    </>
  );
}
