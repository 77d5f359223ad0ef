import { useTranslation } from "react-i18next";
import type { PaperRef } from "../api/bindings";
import { useRead } from "../api/call";
import { Banner, Loaded, Paper } from "../components";
import css from "./PaperPreview.module.css";

/** A paper as it would come out of the printer now. */
export function PaperPreview({ paper }: { paper: PaperRef }) {
  const { t } = useTranslation();
  const preview = useRead("print.preview", { paper });
  return (
    <div className={css.preview}>
      <Loaded query={preview}>
        {({ lines, warnings }) => (
          <>
            {warnings.map((warning) => (
              <Banner key={warning} tone="warn">
                {warning}
              </Banner>
            ))}
            <Paper lines={lines} label={t("common.preview")} />
          </>
        )}
      </Loaded>
    </div>
  );
}
