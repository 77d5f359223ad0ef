import { useTranslation } from "react-i18next";
import { useRead } from "../../../api/call";
import { Button, Dialog, Loaded, UnitPrice, useFormat } from "../../../components";
import type { LineDialogProps } from "../Dialogs";
import css from "./Choices.module.css";

/** The units of an article that is on the ticket, each with its price: one touch or Enter. */
export function UnitDialog({ open, line, onClose }: LineDialogProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { ticket } = open;
  const asked = ticket && { ticket, line_id: line.line_id };
  const units = useRead("pos.units", asked ?? NOTHING, { enabled: asked !== null });
  const choose = async (product_unit_id: string | null) => {
    if (await open.changeLine(line.line_id, { product_unit_id })) onClose();
  };
  return (
    <Dialog title={line.name} onClose={onClose} size="small" touch testId="unit-dialog">
      <Loaded query={units} rows={3}>
        {(choices) => (
          <ul className={css.choices} aria-label={t("till.key.unit")}>
            {choices.map((choice) => (
              <li key={choice.unit}>
                <Button
                  wide
                  autoFocus={choice.current}
                  aria-pressed={choice.current}
                  isDisabled={choice.unit_price === null}
                  onPress={() => void choose(choice.product_unit_id)}
                  testId={`unit-${choice.unit}`}
                >
                  <span className={css.choice}>
                    <strong>{choice.unit}</strong>
                    <span className={css.detail}>
                      {choice.product_unit_id &&
                        t("till.unitHolds", { qty: format.qty(choice.factor) })}
                    </span>
                    {choice.unit_price === null ? (
                      t("till.noPrice")
                    ) : (
                      <UnitPrice value={choice.unit_price} />
                    )}
                  </span>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Dialog>
  );
}

/** Stands for a question that is not asked. */
const NOTHING = {
  ticket: { ticket_id: "", customer_id: null, discount: null, note: "", lines: [] },
  line_id: "",
};
