import { useTranslation } from "react-i18next";
import type { KnownPermission } from "../../api/bindings";
import { Banner, Button, Checkbox, Chip } from "../../components";
import { useNames } from "../../parts/useNames";
import {
  byArea,
  grantsAll,
  grantsArea,
  grantsOne,
  setAll,
  setArea,
  setOne,
  unknown,
} from "./patterns";
import css from "./Users.module.css";

/** Everything there is to allow, by area: an area as a whole, or one thing of it. */
export function RolePermissions(props: {
  patterns: string[];
  permissions: KnownPermission[];
  onChange: (patterns: string[]) => void;
}) {
  const { patterns, permissions, onChange } = props;
  const { t, i18n } = useTranslation();
  const areaName = useNames("areas");
  const all = grantsAll(patterns);
  const strangers = unknown(patterns, permissions);
  return (
    <>
      <Checkbox
        label={t("users.everythingNow")}
        value={all}
        onChange={(on) => onChange(setAll(patterns, on))}
        testId="grant-all"
      />
      {all && <Banner tone="warn">{t("users.everythingHelp")}</Banner>}
      <div className={css.areas}>
        {byArea(permissions).map(([of, known]) => (
          <fieldset key={of} className={css.area}>
            <Checkbox
              label={t("users.wholeArea", { area: areaName(of) })}
              value={grantsArea(patterns, of)}
              isDisabled={all}
              onChange={(on) => onChange(setArea(patterns, of, on))}
              testId={`grant-${of}`}
            />
            <div className={css.one}>
              {known.map(({ name, english, indonesian }) => (
                <Checkbox
                  key={name}
                  label={i18n.language === "id" ? indonesian : english}
                  value={grantsOne(patterns, name)}
                  isDisabled={grantsArea(patterns, of)}
                  onChange={(on) => onChange(setOne(patterns, name, on))}
                  testId={`grant-${name}`}
                />
              ))}
            </div>
          </fieldset>
        ))}
      </div>
      {strangers.length > 0 && (
        <div className={css.chips}>
          <span className={css.soft}>{t("users.unknown")}</span>
          {strangers.map((pattern) => (
            <Chip key={pattern}>
              {pattern}
              <Button
                size="small"
                tone="quiet"
                onPress={() => onChange(setOne(patterns, pattern, false))}
              >
                {t("common.remove")}
              </Button>
            </Chip>
          ))}
        </div>
      )}
    </>
  );
}
