import { useTranslation } from "react-i18next";

/** The kind of an account in words. */
export function Kind({ kind }: { kind: string }) {
  const { t } = useTranslation();
  switch (kind) {
    case "asset":
    case "liability":
    case "equity":
    case "income":
    case "expense":
      return <>{t(`finance.kinds.${kind}`)}</>;
    default:
      return <>{kind}</>;
  }
}
