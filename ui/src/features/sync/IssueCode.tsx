import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { IssuedCode } from "../../api/bindings";
import { useRead, useWrite } from "../../api/call";
import {
  Banner,
  Button,
  Dialog,
  Field,
  Form,
  Row,
  Select,
  Stack,
  useFormat,
} from "../../components";
import { WholeField } from "../../parts/WholeField";
import css from "./Sync.module.css";

const NEW = "new";
const HOUR = 60;

/** Makes a one-time code: for a new till, or for another machine of a till there is. */
export function IssueCode({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [issued, setIssued] = useState<IssuedCode | null>(null);
  return (
    <Dialog title={t("sync.office.issue")} onClose={onClose} testId="issue-code">
      {issued ? <Issued code={issued} onClose={onClose} /> : <Ask onIssued={setIssued} />}
    </Dialog>
  );
}

function Ask({ onIssued }: { onIssued: (code: IssuedCode) => void }) {
  const { t } = useTranslation();
  const places = useRead("branch.list", {});
  const [till, setTill] = useState<string>(NEW);
  const [branch, setBranch] = useState<string | null>(null);
  const [series, setSeries] = useState("");
  const [name, setName] = useState("");
  const [minutes, setMinutes] = useState<number | null>(HOUR);
  const add = useWrite("terminal.add");
  const issue = useWrite("centre.issue");
  const branches = places.data?.branches.filter((row) => !row.archived) ?? [];
  const tills = places.data?.terminals.filter((row) => !row.archived) ?? [];
  const inBranch = branch ?? branches[0]?.branch_id ?? "";
  const isPending = add.isPending || issue.isPending;
  const make = (terminal_id: string) =>
    issue.mutate({ terminal_id, minutes }, { onSuccess: onIssued });
  const submit = () => {
    if (isPending) return;
    if (till !== NEW) make(till);
    else {
      add.mutate(
        { branch_id: inBranch, series, name },
        {
          onSuccess: ({ terminal_id }) => {
            // Should the code fail, the till is there and is not made twice.
            setTill(terminal_id);
            make(terminal_id);
          },
        },
      );
    }
  };
  return (
    <Form onSubmit={submit} problem={add.error ?? issue.error}>
      <Stack>
        <Select
          label={t("sync.office.forTill")}
          options={[
            { id: NEW, label: t("sync.office.newTill") },
            ...tills.map((row) => ({ id: row.terminal_id, label: `${row.series} · ${row.name}` })),
          ]}
          value={till}
          onChange={setTill}
          testId="code-till"
        />
        {till === NEW ? (
          <>
            <Select
              label={t("common.branch")}
              options={branches.map((row) => ({ id: row.branch_id ?? "", label: row.name }))}
              value={inBranch}
              onChange={setBranch}
            />
            <Field
              name="series"
              label={t("start.terminalSeries")}
              help={t("start.terminalSeriesHelp")}
              value={series}
              onChange={setSeries}
              isRequired
            />
            <Field
              name="name"
              label={t("start.terminalName")}
              value={name}
              onChange={setName}
              isRequired
            />
          </>
        ) : (
          <Banner tone="warn">{t("sync.office.replaceHelp")}</Banner>
        )}
        <WholeField
          name="minutes"
          label={t("sync.office.minutes")}
          value={minutes}
          onChange={setMinutes}
        />
        <Row end>
          <Button type="submit" tone="accent" isPending={isPending} testId="code-make">
            {t("sync.office.make")}
          </Button>
        </Row>
      </Stack>
    </Form>
  );
}

function Issued({ code, onClose }: { code: IssuedCode; onClose: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Stack>
      <p>{t("sync.office.issueHelp")}</p>
      <p className={css.code} data-selectable data-testid="issued-code">
        {code.code}
      </p>
      <p className={css.soft}>
        {t("sync.office.until", { date: format.dateTime(code.expires_at) })}
      </p>
      <Row end>
        <Button tone="accent" onPress={onClose}>
          {t("common.done")}
        </Button>
      </Row>
    </Stack>
  );
}
