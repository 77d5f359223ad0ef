import { useTranslation } from "react-i18next";
import type { Destination } from "../../api/bindings";
import { Field, Select } from "../../components";
import { WholeField } from "../../parts/WholeField";
import { emptyPlace, PLACES } from "./printer";

/** Where a printer is: how it is joined to this machine, and its address there. */
export function DestinationFields(props: {
  label: string;
  value: Destination;
  onChange: (value: Destination) => void;
}) {
  const { label, value, onChange } = props;
  const { t } = useTranslation();
  return (
    <>
      <Select
        label={label}
        options={PLACES.map((id) => ({
          id,
          label: t(`settings.printers.places.${id}`),
        }))}
        value={value.kind}
        onChange={(kind) => kind !== value.kind && onChange(emptyPlace(kind))}
      />
      {value.kind === "network" && (
        <>
          <Field
            label={t("settings.printers.host")}
            value={value.host}
            onChange={(host) => onChange({ ...value, host: host.trim() })}
            placeholder="192.168.1.50"
            testId="printer-host"
          />
          <WholeField
            name="port"
            label={t("settings.printers.port")}
            value={value.port === 0 ? null : value.port}
            onChange={(port) => onChange({ ...value, port: port ?? 0 })}
          />
        </>
      )}
      {value.kind === "spooler" && (
        <Field
          label={t("settings.printers.queue")}
          help={t("settings.printers.queueHelp")}
          value={value.queue}
          onChange={(queue) => onChange({ ...value, queue })}
        />
      )}
      {(value.kind === "device" || value.kind === "serial" || value.kind === "folder") && (
        <Field
          label={t(`settings.printers.paths.${value.kind}`)}
          value={value.path}
          onChange={(path) => onChange({ ...value, path })}
          placeholder={PATHS[value.kind]}
          testId="printer-path"
        />
      )}
      {value.kind === "serial" && (
        <WholeField
          name="baud"
          label={t("settings.printers.baud")}
          value={value.baud === 0 ? null : value.baud}
          onChange={(baud) => onChange({ ...value, baud: baud ?? 0 })}
        />
      )}
    </>
  );
}

const PATHS = { device: "/dev/usb/lp0", serial: "COM3", folder: "" } as const;
