// Where a centre is and what lets a machine in: on the first page and under Settings.
import { useTranslation } from "react-i18next";
import type { JoinCentre, MoveCentre } from "../api/bindings";
import { Checkbox, Field, type Problem, Stack } from "../components";

export const NOWHERE: JoinCentre = { address: "", code: "", plain_allowed: false };

/** The address; the word that no encryption is needed only where it is asked for. */
export function AddressFields<V extends MoveCentre>(props: {
  label: string;
  value: V;
  onChange: (value: V) => void;
  problem: Problem | null;
}) {
  const { label, value, onChange, problem } = props;
  const { t } = useTranslation();
  const asksPlain = problem?.code === "plain_http" || value.plain_allowed === true;
  return (
    <Stack>
      <Field
        name="address"
        label={label}
        help={t("sync.connect.addressHelp")}
        value={value.address}
        onChange={(address) => onChange({ ...value, address, plain_allowed: false })}
        isRequired
        autoFocus
        testId="centre-at"
      />
      {asksPlain && (
        <>
          <Checkbox
            label={t("sync.connect.plain")}
            value={value.plain_allowed ?? false}
            onChange={(plain_allowed) => onChange({ ...value, plain_allowed })}
            testId="centre-plain"
          />
          <p>{t("sync.connect.plainHelp")}</p>
        </>
      )}
    </Stack>
  );
}

/** The address and the code. */
export function CentreFields(props: {
  value: JoinCentre;
  onChange: (value: JoinCentre) => void;
  codeHelp: string;
  problem: Problem | null;
}) {
  const { value, onChange, codeHelp, problem } = props;
  const { t } = useTranslation();
  return (
    <Stack>
      <AddressFields
        label={t("sync.connect.address")}
        value={value}
        onChange={onChange}
        problem={problem}
      />
      <Field
        name="code"
        label={t("sync.connect.code")}
        help={codeHelp}
        value={value.code}
        onChange={(code) => onChange({ ...value, code })}
        isRequired
        testId="centre-code"
      />
    </Stack>
  );
}
