import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Settings } from "../api/bindings";
import { useWrite } from "../api/call";
import { Banner, Button, Confirm, Form, Notes, Section, Select, useToast } from "../components";
import { useMay, useSeat } from "../seat";
import { FieldSet } from "./FieldSet";
import css from "./Office.module.css";
import { unplaced } from "./unplaced";
import { useSaveKey } from "./useSaveKey";

/** What is typed so far: a figure may be missing for a moment. */
export type Draft<T> = { [K in keyof T]: T[K] | null };

/** One section of the settings: for the whole company or for this branch alone. */
export function SettingsForm<K extends keyof Settings>(props: {
  section: K;
  title: string;
  lead?: string;
  given: Settings[K];
  /** The fields in it that must not be empty. */
  required: readonly (keyof Settings[K] & string)[];
  /** All names of fields, for what a refusal says of others. */
  fields: readonly string[];
  children: (
    value: Draft<Settings[K]>,
    set: (change: Partial<Draft<Settings[K]>>) => void,
  ) => ReactNode;
}) {
  const { section, title, lead, given, required, fields, children } = props;
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const { place } = useSeat();
  const isOwn = place.own_sections.includes(section);
  const mayEdit = useMay("settings:edit");
  const [value, setValue] = useState<Draft<Settings[K]>>(given);
  const [where, setWhere] = useState<"company" | "branch">(isOwn ? "branch" : "company");
  const save = useWrite("settings.save");
  const isReady = required.every((name) => value[name] !== null);
  const submit = () => {
    if (!mayEdit || !isReady || save.isPending) return;
    save.mutate(
      { section, this_branch: where === "branch", value },
      {
        onSuccess: () => {
          toast.say(t("common.saved"));
          // The settings of this seat come with who sits here.
          void client.invalidateQueries({ queryKey: ["users.me"] });
        },
      },
    );
  };
  useSaveKey(submit);
  return (
    <Section title={title}>
      {lead && <p className={css.lead}>{lead}</p>}
      {!mayEdit && <Banner tone="calm">{t("office.onlyLook")}</Banner>}
      {isOwn && <OwnSection section={section} />}
      <Form onSubmit={submit} problem={save.error}>
        <Notes said={unplaced(save.error, fields)} tone="danger" />
        <FieldSet isShut={!mayEdit}>
          {children(value, (change) => setValue((now) => ({ ...now, ...change })))}
        </FieldSet>
        {mayEdit && (
          <div className={css.foot}>
            <div className={css.scope}>
              <Select
                label={t("office.holds")}
                options={[
                  { id: "company", label: t("office.everyBranch") },
                  { id: "branch", label: t("office.onlyBranch", { name: place.branch.name }) },
                ]}
                value={where}
                onChange={setWhere}
              />
            </div>
            <Button
              type="submit"
              tone="accent"
              isDisabled={!isReady}
              isPending={save.isPending}
              testId="settings-save"
            >
              {t("common.save")}
            </Button>
          </div>
        )}
      </Form>
    </Section>
  );
}

/** This branch differs from the company here, and may stop to. */
function OwnSection({ section }: { section: string }) {
  const { t } = useTranslation();
  const toast = useToast();
  const client = useQueryClient();
  const { place } = useSeat();
  const mayEdit = useMay("settings:edit");
  const follow = useWrite("settings.follow_company");
  const [asks, setAsks] = useState(false);
  const submit = () =>
    follow.mutate(
      { section },
      {
        onSuccess: () => {
          toast.say(t("office.followsNow"));
          void client.invalidateQueries({ queryKey: ["users.me"] });
        },
        onError: toast.fail,
        onSettled: () => setAsks(false),
      },
    );
  return (
    <Banner
      tone="warn"
      action={
        mayEdit && (
          <Button size="small" onPress={() => setAsks(true)} testId="follow-company">
            {t("office.follow")}
          </Button>
        )
      }
    >
      <span data-testid="own-section">{t("office.own", { name: place.branch.name })}</span>
      {asks && (
        <Confirm
          title={t("office.followTitle")}
          confirmLabel={t("office.follow")}
          isPending={follow.isPending}
          onConfirm={submit}
          onClose={() => setAsks(false)}
          testId="follow-confirm"
        >
          {t("office.followHelp", { name: place.branch.name })}
        </Confirm>
      )}
    </Banner>
  );
}
