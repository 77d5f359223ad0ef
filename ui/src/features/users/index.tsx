import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead } from "../../api/call";
import { Button, Loaded, Page, type TabItem, Tabs } from "../../components";
import { useQueryParam } from "../../router";
import { useMay } from "../../seat";
import ChangePin from "./ChangePin";
import { Overrides } from "./Overrides";
import { People } from "./People";
import { Roles } from "./Roles";
import css from "./UsersPage.module.css";

/** Who works here, what they may do, and what managers allowed besides. */
export default function Users() {
  const { t } = useTranslation();
  const [tab, setTab] = useQueryParam("tab", "people");
  const [changing, setChanging] = useState(false);
  const users = useRead("users.list", {});
  const mayReview = useMay("audit:read");
  return (
    <Page
      title={t("users.title")}
      actions={
        <Button icon={<KeyRound />} onPress={() => setChanging(true)} testId="change-pin">
          {t("users.changePin")}
        </Button>
      }
    >
      <div className={css.page}>
        <Loaded query={users}>
          {(view) => {
            const items: TabItem[] = [
              { id: "people", title: t("users.people"), content: <People view={view} /> },
              { id: "roles", title: t("users.roles"), content: <Roles view={view} /> },
            ];
            if (mayReview) {
              items.push({
                id: "overrides",
                title: t("users.overrides"),
                content: <Overrides people={view.users} />,
              });
            }
            return <Tabs label={t("users.title")} items={items} selected={tab} onSelect={setTab} />;
          }}
        </Loaded>
      </div>
      {changing && <ChangePin onClose={() => setChanging(false)} />}
    </Page>
  );
}
