import { useTranslation } from "react-i18next";
import type { PaperRef } from "../api/bindings";
import { useRead } from "../api/call";
import { Loaded, Notes, Paper } from "../components";
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
            <Notes said={warnings} />
            <Paper lines={lines} label={t("common.preview")} />
          </>
        )}
      </Loaded>
    </div>
  );
}
