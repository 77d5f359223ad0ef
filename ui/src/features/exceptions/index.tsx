import { useTranslation } from "react-i18next";
import type { Exception } from "../../api/bindings";
import {
  Button,
  Checkbox,
  Chip,
  EmptyState,
  FailedState,
  Page,
  Row,
  Skeleton,
  Split,
  Table,
  useFormat,
} from "../../components";
import { usePages } from "../../parts/usePages";
import { useQueryParam } from "../../router";
import { ExceptionDetail } from "./ExceptionDetail";
import css from "./Exceptions.module.css";
import { useWords } from "./words";

const PAGE = 100;

/** What tills could not know while they were offline, and somebody should settle now. */
export default function Exceptions() {
  const { t } = useTranslation();
  const [chosen, setChosen] = useQueryParam("exception");
  const [mine, setMine] = useQueryParam("mine");
  const [closed, setClosed] = useQueryParam("closed");
  const asked = { mine: mine !== "", closed: closed !== "" };
  const pages = usePages("exceptions.list", {
    key: asked,
    argsAt: (mark) => ({ ...asked, offset: Number(mark ?? 0), limit: PAGE }),
    rowsOf: (page) => page.rows,
    nextOf: (page) => page.next_offset,
  });
  const row = pages.rows?.find(({ exception_id }) => exception_id === chosen);
  return (
    <Page
      title={t("exceptions.title")}
      flush
      tools={
        <>
          <Checkbox
            label={t("exceptions.mine")}
            value={asked.mine}
            onChange={(on) => setMine(on ? "1" : "")}
          />
          <Checkbox
            label={t("exceptions.closed")}
            value={asked.closed}
            onChange={(on) => setClosed(on ? "1" : "")}
            testId="exceptions-closed"
          />
        </>
      }
    >
      <Split
        asideWidth="24rem"
        aside={row && <ExceptionDetail key={chosen} row={row} onClose={() => setChosen("")} />}
      >
        {pages.error ? (
          <FailedState problem={pages.error} onRetry={pages.refetch} />
        ) : !pages.rows ? (
          <Skeleton rows={8} />
        ) : pages.rows.length === 0 ? (
          <EmptyState title={t(asked.closed ? "exceptions.noneClosed" : "exceptions.none")}>
            {t("exceptions.noneHelp")}
          </EmptyState>
        ) : (
          <>
            <List rows={pages.rows} chosen={chosen} onOpen={setChosen} />
            {pages.hasMore && (
              <Row>
                <Button onPress={pages.more}>{t("office.loadMore")}</Button>
              </Row>
            )}
          </>
        )}
      </Split>
    </Page>
  );
}

function List(props: { rows: Exception[]; chosen: string; onOpen: (id: string) => void }) {
  const { rows, chosen, onOpen } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const words = useWords();
  const due = (row: Exception) =>
    row.overdue ? (
      <Chip tone="warn">{t("exceptions.overdue")}</Chip>
    ) : (
      <span className={css.day}>{format.date(row.due_date)}</span>
    );
  const place = [
    { id: "where", title: t("exceptions.where"), cell: words.where },
    { id: "owner", title: t("exceptions.owner"), cell: words.owner },
  ];
  return (
    <Table
      label={t("exceptions.title")}
      rows={rows}
      keyOf={(row) => row.exception_id}
      selected={chosen || null}
      onOpen={(row) => onOpen(row.exception_id)}
      columns={[
        { id: "what", title: t("exceptions.what"), cell: words.rule },
        { id: "subject", title: t("exceptions.subject"), cell: (row) => row.subject },
        ...(chosen === "" ? place : []),
        {
          id: "due",
          title: t(rows[0]?.state === "open" ? "exceptions.due" : "exceptions.state"),
          cell: (row) => (row.state === "open" ? due(row) : t(`exceptions.${row.state}`)),
        },
      ]}
    />
  );
}
