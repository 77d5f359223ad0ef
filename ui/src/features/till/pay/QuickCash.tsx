import { useTranslation } from "react-i18next";
import { Button, Money } from "../../../components";
import css from "./TakeMoney.module.css";

/** Sums a customer is likely to hand over, one touch each. */
export function QuickCash(props: {
  exact: number | undefined;
  sums: readonly number[];
  onTake: (sum: number) => void;
}) {
  const { exact, sums, onTake } = props;
  const { t } = useTranslation();
  const others = sums.filter((sum) => sum !== exact);
  return (
    <fieldset className={css.quick} aria-label={t("till.minimumCash")}>
      {exact !== undefined && exact !== 0 && (
        <Button onPress={() => onTake(exact)} testId="quick-exact">
          {t("till.exact")} <Money value={exact} />
        </Button>
      )}
      {others.map((sum) => (
        <Button key={sum} onPress={() => onTake(sum)} testId={`quick-${sum}`}>
          <Money value={sum} />
        </Button>
      ))}
    </fieldset>
  );
}
