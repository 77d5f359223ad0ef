import { useTranslation } from "react-i18next";
import {
  Button,
  EmptyState,
  FailedState,
  Money,
  Row,
  Section,
  Skeleton,
  Table,
  useFormat,
} from "../../components";
import { usePages } from "../../parts/usePages";
import { href } from "../../router";

/** What the customer bought and brought back; a row opens the receipt. */
export function CustomerReceipts({ customerId }: { customerId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const pages = usePages("pos.receipts", {
    key: customerId,
    argsAt: (mark) => ({
      text: "",
      from: null,
      to: null,
      customer_id: customerId,
      before: mark === null ? null : String(mark),
    }),
    rowsOf: (page) => page.receipts,
    nextOf: (page) => page.next,
  });
  if (!pages.rows) {
    if (pages.error) return <FailedState problem={pages.error} onRetry={pages.refetch} />;
    return <Skeleton rows={8} />;
  }
  if (pages.rows.length === 0) return <EmptyState title={t("customers.receiptsNone")} />;
  return (
    <Section>
      <Table
        label={t("customers.receipts")}
        rows={pages.rows}
        keyOf={(row) => row.sale_id}
        onOpen={(row) => {
          window.location.hash = `${href("receipts")}?sale=${encodeURIComponent(row.sale_id)}`;
        }}
        columns={[
          { id: "number", title: t("common.number"), cell: (row) => row.number },
          {
            id: "kind",
            title: t("receipts.kind"),
            cell: (row) => t(`receipts.kinds.${row.kind}`),
          },
          { id: "time", title: t("common.time"), cell: (row) => format.dateTime(row.sold_at) },
          { id: "cashier", title: t("shell.cashier"), cell: (row) => row.cashier },
          {
            id: "total",
            title: t("common.total"),
            numeric: true,
            cell: (row) => <Money value={row.total} />,
          },
        ]}
      />
      {pages.hasMore && (
        <Row>
          <Button onPress={pages.more}>{t("common.more")}</Button>
        </Row>
      )}
    </Section>
  );
}
