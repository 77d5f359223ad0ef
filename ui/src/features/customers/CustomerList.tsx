import { UserPlus, UsersRound } from "lucide-react";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, Checkbox, EmptyState, Page, Row, SearchField } from "../../components";
import { navigateKeeping } from "../../parts/listAddress";
import { PagedGrid } from "../../parts/PagedGrid";
import { usePages } from "../../parts/usePages";
import { navigate, useQueryParam } from "../../router";
import { useMay } from "../../seat";
import { GroupsDialog } from "./GroupsDialog";
import { useColumns } from "./useColumns";

const PAGE = 200;

/** Every customer, with what they owe. */
export function CustomerList() {
  const { t } = useTranslation();
  const mayEdit = useMay("customers:edit");
  const [showsGroups, setShowsGroups] = useState(false);
  const [text, setText] = useQueryParam("q");
  const [owing, setOwing] = useQueryParam("owing");
  const [archived, setArchived] = useQueryParam("archived");
  const asked = {
    text: useDeferredValue(text.trim()) || null,
    owing: owing !== "",
    archived: archived !== "",
  };
  const pages = usePages("customers.list", {
    key: asked,
    argsAt: (mark) => ({ ...asked, offset: Number(mark ?? 0), limit: PAGE }),
    rowsOf: (page) => page.rows,
    nextOf: (page) => page.next_offset,
  });
  const open = (customerId: string) => navigateKeeping("customers", customerId);
  const isFiltered = asked.text !== null || asked.owing || asked.archived;
  return (
    <Page
      title={t("customers.title")}
      flush
      actions={
        mayEdit && (
          <>
            <Button
              icon={<UsersRound />}
              onPress={() => setShowsGroups(true)}
              testId="customers-groups"
            >
              {t("customers.groups")}
            </Button>
            <Button
              tone="accent"
              icon={<UserPlus />}
              onPress={() => navigateKeeping("customers", "new")}
              testId="customer-new"
            >
              {t("customers.new")}
            </Button>
          </>
        )
      }
      tools={
        <>
          <SearchField
            label={t("customers.search")}
            value={text}
            onChange={setText}
            autoFocus
            onSubmit={() => {
              const first = pages.rows?.[0];
              if (first && text) open(first.customer_id);
            }}
            testId="customers-search"
          />
          <Checkbox
            label={t("customers.owing")}
            value={asked.owing}
            onChange={(on) => setOwing(on ? "1" : "")}
            testId="customers-owing"
          />
          <Checkbox
            label={t("customers.archived")}
            value={asked.archived}
            onChange={(on) => setArchived(on ? "1" : "")}
          />
        </>
      }
    >
      <PagedGrid
        label={t("customers.title")}
        pages={pages}
        columns={useColumns()}
        keyOf={(row) => row.customer_id}
        onOpen={(row) => open(row.customer_id)}
        empty={<Nothing isFiltered={isFiltered} mayEdit={mayEdit} />}
      />
      {showsGroups && <GroupsDialog onClose={() => setShowsGroups(false)} />}
    </Page>
  );
}

function Nothing({ isFiltered, mayEdit }: { isFiltered: boolean; mayEdit: boolean }) {
  const { t } = useTranslation();
  const mayImport = useMay("catalogue:import");
  if (isFiltered) {
    return <EmptyState title={t("customers.none")}>{t("customers.noneHelp")}</EmptyState>;
  }
  return (
    <EmptyState
      title={t("customers.empty")}
      action={
        <Row>
          {mayImport && (
            <Button onPress={() => navigate("imports", "new", "customers")}>
              {t("shell.feature.imports")}
            </Button>
          )}
          {mayEdit && (
            <Button tone="accent" onPress={() => navigate("customers", "new")}>
              {t("customers.new")}
            </Button>
          )}
        </Row>
      }
    >
      {t("customers.emptyHelp")}
    </EmptyState>
  );
}
