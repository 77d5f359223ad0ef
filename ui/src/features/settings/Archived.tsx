import { useTranslation } from "react-i18next";
import { Checkbox } from "../../components";
import { Wide } from "../../parts/FieldSet";

/** Takes a master out of use; only one that exists can be. */
export function Archived(props: {
  exists: boolean;
  value: boolean | undefined;
  onChange: (archived: boolean) => void;
}) {
  const { exists, value, onChange } = props;
  const { t } = useTranslation();
  if (!exists) return null;
  return (
    <Wide>
      <Checkbox
        label={t("office.outOfUse")}
        value={value ?? false}
        onChange={onChange}
        testId="archived"
      />
    </Wide>
  );
}
