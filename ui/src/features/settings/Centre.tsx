import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRead, useWrite } from "../../api/call";
import { Banner, Button, Form, Loaded, Row, Section, useToast } from "../../components";
import { AddressFields, CentreFields, NOWHERE } from "../../parts/CentreFields";
import { EditDialog } from "../../parts/EditDialog";
import office from "../../parts/Office.module.css";
import { href } from "../../router";
import { useMay } from "../../seat";

/** Connects a company that lived on this machine, or says to which centre it is connected. */
export default function Centre() {
  const { t } = useTranslation();
  const overview = useRead("sync.overview", {});
  return (
    <Section title={t("sync.connect.title")} testId="centre">
      <p className={office.lead}>{t("sync.connect.lead")}</p>
      <Loaded query={overview} rows={3}>
        {({ machine }) => (machine.centre === null ? <Found /> : <Known at={machine.centre} />)}
      </Loaded>
    </Section>
  );
}

function Found() {
  const { t } = useTranslation();
  const toast = useToast();
  const [given, setGiven] = useState(NOWHERE);
  const found = useWrite("sync.found");
  const mayConnect = useMay("sync:connect");
  if (!mayConnect) return null;
  const submit = () => {
    if (found.isPending) return;
    found.mutate(given, { onSuccess: () => toast.say(t("sync.connect.founded")) });
  };
  return (
    <Form onSubmit={submit} problem={found.error}>
      <CentreFields
        value={given}
        onChange={setGiven}
        codeHelp={t("sync.connect.foundCodeHelp")}
        problem={found.error}
      />
      <p className={office.lead}>{t("sync.connect.foundHelp")}</p>
      <Row>
        <Button type="submit" tone="accent" isPending={found.isPending} testId="centre-found">
          {t("sync.connect.found")}
        </Button>
      </Row>
    </Form>
  );
}

function Known({ at }: { at: string }) {
  const { t } = useTranslation();
  const mayConnect = useMay("sync:connect");
  const [moving, setMoving] = useState(false);
  return (
    <>
      <Banner tone="calm">
        <span data-testid="centre-address">{t("sync.connect.connected", { address: at })}</span>
      </Banner>
      <Row>
        <a href={href("sync")}>{t("sync.connect.screen")}</a>
        {mayConnect && (
          <Button onPress={() => setMoving(true)} testId="centre-move">
            {t("sync.connect.move")}
          </Button>
        )}
      </Row>
      {moving && <Move onClose={() => setMoving(false)} />}
    </>
  );
}

function Move({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const toast = useToast();
  const [given, setGiven] = useState({ address: "", plain_allowed: false });
  const move = useWrite("sync.move");
  const save = () =>
    move.mutate(given, {
      onSuccess: () => {
        toast.say(t("sync.connect.moved"));
        onClose();
      },
    });
  return (
    <EditDialog
      title={t("sync.connect.move")}
      fields={["address"]}
      mayEdit
      problem={move.error}
      isPending={move.isPending}
      onSave={save}
      onClose={onClose}
    >
      <AddressFields
        label={t("sync.connect.newAddress")}
        value={given}
        onChange={setGiven}
        problem={move.error}
      />
    </EditDialog>
  );
}
