import { useTranslation } from "react-i18next";
import type { SearchHit } from "../../api/bindings";
import { EmptyState, UnitPrice } from "../../components";
import css from "./Results.module.css";

/** What the search found. The arrow keys of the search field move through it. */
export function Results(props: {
  hits: readonly SearchHit[];
  chosen: number;
  onChoose: (index: number) => void;
  onAdd: (hit: SearchHit) => void;
}) {
  const { hits, chosen, onChoose, onAdd } = props;
  const { t } = useTranslation();
  if (hits.length === 0) {
    return (
      <div className={css.results} data-testid="till-results">
        <EmptyState title={t("till.noHits")}>{t("till.noHitsHelp")}</EmptyState>
      </div>
    );
  }
  return (
    <div
      className={css.results}
      id="till-results"
      role="listbox"
      aria-label={t("till.results")}
      data-testid="till-results"
    >
      {hits.map((hit, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are read by the search field
        <div
          key={`${hit.product_id}-${hit.product_unit_id ?? ""}`}
          id={`hit-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          className={css.hit}
          ref={(row) => {
            if (index === chosen) row?.scrollIntoView({ block: "nearest" });
          }}
          onMouseEnter={() => onChoose(index)}
          onClick={() => onAdd(hit)}
        >
          <span className={css.what}>
            <span className={css.name}>{hit.name}</span>
            <span className={css.detail}>
              {hit.code} · {hit.unit}
              {hit.weighed ? ` · ${t("till.weighed")}` : ""}
            </span>
          </span>
          <span className={css.price}>
            {hit.price === null ? (
              <span className={css.detail}>{t("till.noPrice")}</span>
            ) : (
              <UnitPrice value={hit.price} />
            )}
          </span>
        </div>
      ))}
    </div>
  );
}
