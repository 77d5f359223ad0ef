import { useTranslation } from "react-i18next";
import type { AuditEntry } from "../../api/bindings";
import { useNames } from "../../parts/useNames";

/** Fields named in a row of the list; more are counted. */
const NAMED_MAX = 3;

/** What somebody tried when they were refused; stands behind their user name. */
const ACTS = ["sign_in", "unlock"];

const withActs = (detail: string, nameOf: (act: string) => string): string =>
  detail
    .split(" ")
    .map((word) => (ACTS.includes(word) ? `· ${nameOf(word)}` : word))
    .join(" ");

/** What an entry says, in words. */
export function useWords() {
  const { t } = useTranslation();
  const actionName = useNames("actions");
  const actName = useNames("acts");
  const approvalName = useNames("approval");
  const tableName = useNames("tables");
  const sourceName = useNames("sources");
  const fieldName = useNames("fields");
  return {
    tableName,
    sourceName,
    fieldName,
    who: ({ source, user }: AuditEntry) => user || (source === "access" ? "—" : t("audit.machine")),
    what: ({ source, action }: AuditEntry) =>
      source === "approval" ? approvalName(action) : actionName(action),
    whatChanged: ({ source, changes, detail, group }: AuditEntry) => {
      if (source === "access") return withActs(detail, actName);
      if (detail) return detail;
      if (group === "created") return t("audit.created");
      if (changes.length > NAMED_MAX) return t("audit.changes", { count: changes.length });
      return changes.map(({ field }) => fieldName(field)).join(", ");
    },
  };
}
