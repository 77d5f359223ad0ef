import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CustomerGroup, PriceList } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import { newId } from "../../api/ids";
import {
  Button,
  EntryDialog,
  Field,
  IconButton,
  Loaded,
  Row,
  Select,
  useToast,
} from "../../components";
import css from "./Customers.module.css";

const NONE = "none";

interface GroupDraft {
  key: string;
  name: string;
  price_list_id: string | null;
}

/** The groups of customers and the price list each of them buys by. */
export function GroupsDialog({ onClose }: { onClose: () => void }) {
  const groups = useRead("customers.groups", {});
  const lists = useRead("catalogue.price_lists", {});
  const usable = (lists.data?.price_lists ?? []).filter((one) => !one.archived);
  return (
    <Loaded query={groups}>
      {(known) => <Groups known={known.groups} lists={usable} onClose={onClose} />}
    </Loaded>
  );
}

function Groups(props: { known: CustomerGroup[]; lists: PriceList[]; onClose: () => void }) {
  const { known, lists, onClose } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const save = useWrite("customers.save_groups");
  const [groups, setGroups] = useState<GroupDraft[]>(() =>
    known.map(({ name, price_list_id }) => ({
      key: newId(),
      name,
      price_list_id: price_list_id ?? null,
    })),
  );
  const set = (key: string, part: Partial<GroupDraft>) =>
    setGroups((now) => now.map((one) => (one.key === key ? { ...one, ...part } : one)));
  const options = [
    { id: NONE, label: t("customers.listOfBranch") },
    ...lists.map((list) => ({ id: list.price_list_id ?? "", label: list.name })),
  ];
  const confirm = () =>
    save.mutate(
      {
        groups: groups
          .filter(({ name }) => name.trim() !== "")
          .map(({ name, price_list_id }) => ({ name: name.trim(), price_list_id })),
      },
      {
        onSuccess: () => {
          toast.say(t("common.saved"));
          onClose();
        },
      },
    );
  return (
    <EntryDialog
      title={t("customers.groups")}
      confirmLabel={t("common.save")}
      confirmTestId="groups-save"
      isPending={save.isPending}
      problem={save.error}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p className={css.help}>
        {groups.length === 0 ? t("customers.groupsNone") : t("customers.groupsHelp")}
      </p>
      <div className={css.groups}>
        {groups.map((group, index) => (
          <div key={group.key} className={css.group}>
            <Field
              label={`${t("common.name")} ${index + 1}`}
              labelHidden
              value={group.name}
              onChange={(name) => set(group.key, { name })}
              autoFocus={group.name === ""}
            />
            <Select
              label={`${t("customers.priceList")} ${group.name}`}
              labelHidden
              options={options}
              value={group.price_list_id ?? NONE}
              onChange={(id) => set(group.key, { price_list_id: id === NONE ? null : id })}
            />
            <IconButton
              label={`${t("common.remove")} ${group.name}`}
              icon={<X />}
              onPress={() => setGroups((now) => now.filter((one) => one.key !== group.key))}
            />
          </div>
        ))}
      </div>
      <Row>
        <Button
          icon={<Plus />}
          onPress={() =>
            setGroups((now) => [...now, { key: newId(), name: "", price_list_id: null }])
          }
          testId="groups-add"
        >
          {t("customers.groupNew")}
        </Button>
      </Row>
    </EntryDialog>
  );
}
