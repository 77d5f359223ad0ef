import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { AdjustmentKind } from "../../api/bindings";
import { IconButton, QtyField, Select, UnitPriceField } from "../../components";
import { type AdjustLine, comesIn } from "./adjustment";
import css from "./Inventory.module.css";
import { STATUSES } from "./Status";

/** The goods of an adjustment: how much, in which condition, at what cost when they come in. */
export function AdjustLines(props: {
  kind: AdjustmentKind;
  lines: AdjustLine[];
  onChange: (lines: AdjustLine[]) => void;
}) {
  const { kind, lines, onChange } = props;
  const { t } = useTranslation();
  const set = (key: string, part: Partial<AdjustLine>) =>
    onChange(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const change = kind === "write_off" ? t("inventory.taken") : t("inventory.change");
  return (
    <div className={css.lines}>
      <div className={css.heads} aria-hidden="true">
        <span>{t("common.name")}</span>
        <span>{t("inventory.status")}</span>
        <span>{change}</span>
        <span>{t("inventory.unitCost")}</span>
      </div>
      {lines.map((line, index) => (
        <div key={line.key} className={css.line}>
          <span className={css.product}>
            {line.name}
            <span className={css.code}>{line.code}</span>
          </span>
          <Select
            label={`${t("inventory.status")} ${line.name}`}
            labelHidden
            options={STATUSES.map((id) => ({ id, label: t(`inventory.statuses.${id}`) }))}
            value={line.status}
            onChange={(status) => set(line.key, { status })}
          />
          <QtyField
            label={`${change} ${line.name}`}
            labelHidden
            unit={line.unit}
            value={line.qty}
            onChange={(qty) => set(line.key, { qty })}
            autoFocus={index === lines.length - 1}
            testId={`adjust-qty-${index + 1}`}
          />
          <UnitPriceField
            label={`${t("inventory.unitCost")} ${line.name}`}
            labelHidden
            value={line.unit_cost}
            onChange={(unit_cost) => set(line.key, { unit_cost })}
            isDisabled={!comesIn(kind, line.qty)}
            placeholder={t("inventory.unitCostHelp")}
          />
          <IconButton
            label={`${t("common.remove")} ${line.name}`}
            icon={<X />}
            onPress={() => onChange(lines.filter((other) => other.key !== line.key))}
          />
        </div>
      ))}
    </div>
  );
}
