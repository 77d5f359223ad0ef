import { useTranslation } from "react-i18next";
import type { StockStatus } from "../../api/bindings";
import { Chip } from "../../components";

export const STATUSES: StockStatus[] = ["sellable", "quarantine", "scrap"];

/** The condition of stock, marked unless it can simply be sold. */
export function Status({ status }: { status: string }) {
  const { t } = useTranslation();
  const known = STATUSES.find((one) => one === status);
  if (!known) return <>{status}</>;
  if (known === "sellable") return <>{t("inventory.statuses.sellable")}</>;
  return <Chip tone="warn">{t(`inventory.statuses.${known}`)}</Chip>;
}
