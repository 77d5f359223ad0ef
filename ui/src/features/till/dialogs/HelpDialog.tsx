import { useTranslation } from "react-i18next";
import { Dialog, KeyHint } from "../../../components";
import { KEYS, type KeyName } from "../Keys";
import css from "./Choices.module.css";

/** Every key of the till on one page. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const others: [string, string][] = [
    ["F2", t("till.help.search")],
    ["F12", t("till.key.pay")],
    ["↑ ↓", t("till.help.arrows")],
    ["+ −", t("till.help.plusMinus")],
    ["3 *", t("till.help.times")],
    ["Esc", t("till.help.escape")],
    ["Ctrl S", t("till.serialTitle")],
    ["Ctrl Del", t("till.voidTicket")],
    ["Ctrl K", t("till.help.palette")],
  ];
  const keys = Object.entries(KEYS) as [KeyName, string][];
  return (
    <Dialog title={t("till.help.title")} onClose={onClose} size="large">
      <p>{t("till.help.scan")}</p>
      <p>{t("till.help.typing")}</p>
      <div className={css.two}>
        <KeyTable rows={keys.map(([name, key]) => [key, t(`till.key.${name}`)])} />
        <KeyTable rows={others} />
      </div>
    </Dialog>
  );
}

function KeyTable({ rows }: { rows: [string, string][] }) {
  return (
    <table className={css.keys}>
      <tbody>
        {rows.map(([key, does]) => (
          <tr key={key}>
            <th scope="row">
              <KeyHint>{key}</KeyHint>
            </th>
            <td>{does}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
