import { useTranslation } from "react-i18next";
import type { TenderKind } from "../../../api/bindings";
import { Button } from "../../../components";
import css from "./TakeMoney.module.css";

/** How this part is paid. */
export function Kinds(props: {
  kinds: readonly TenderKind[];
  off: readonly TenderKind[];
  kind: TenderKind;
  onChoose: (kind: TenderKind) => void;
}) {
  const { kinds, off, kind, onChoose } = props;
  const { t } = useTranslation();
  return (
    <div className={css.kinds}>
      {kinds.map((one) => (
        <Button
          key={one}
          aria-pressed={one === kind}
          tone={one === kind ? "accent" : "plain"}
          isDisabled={off.includes(one)}
          onPress={() => onChoose(one)}
          testId={`tender-${one}`}
        >
          {t(`till.tender.${one}`)}
        </Button>
      ))}
    </div>
  );
}
