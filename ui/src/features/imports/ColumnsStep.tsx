import { useTranslation } from "react-i18next";
import type { ImportKind, Inspection } from "../../api/bindings";
import {
  Banner,
  Button,
  FailureBanner,
  Notes,
  type Problem,
  Row,
  Section,
  Select,
} from "../../components";
import { ColumnTable } from "./ColumnTable";
import { ImportChoices } from "./ImportChoices";
import css from "./Imports.module.css";
import { type Choices, type Columns, missingFields } from "./mapping";

/** Which column is what, and how the file is to be understood. */
export function ColumnsStep(props: {
  kind: ImportKind;
  inspection: Inspection;
  columns: Columns;
  choices: Choices;
  sheet: string | null;
  problem: Problem | null;
  isChecking: boolean;
  onColumns: (columns: Columns) => void;
  onChoices: (part: Partial<Choices>) => void;
  onSheet: (sheet: string) => void;
  onOtherFile: () => void;
  onCheck: () => void;
}) {
  const { kind, inspection, columns, choices, sheet, problem, isChecking } = props;
  const { t } = useTranslation();
  const missing = missingFields(inspection, columns);
  const nameOf = (field: string) => t(`imports.fields.${field as "name"}`, { defaultValue: field });
  return (
    <div className={css.columnsStep}>
      <Section
        title={inspection.file}
        actions={
          <Button size="small" onPress={props.onOtherFile}>
            {t("imports.choose")}
          </Button>
        }
      >
        <p>
          {t("imports.format", {
            format: inspection.format,
            size: Math.ceil(inspection.size / 1024),
          })}
        </p>
        <Notes said={inspection.warnings} />
        {inspection.sheets.length > 1 && (
          <Select
            label={t("imports.sheet")}
            options={inspection.sheets.map((id) => ({ id, label: id }))}
            value={sheet ?? inspection.sheets[0] ?? null}
            onChange={props.onSheet}
          />
        )}
        <ImportChoices
          kind={kind}
          inspection={inspection}
          columns={columns}
          choices={choices}
          problem={problem}
          onChange={props.onChoices}
        />
        <FailureBanner problem={problem} />
        <Row end>
          <Button
            tone="accent"
            isDisabled={missing.length > 0}
            isPending={isChecking}
            onPress={props.onCheck}
            testId="import-check"
          >
            {isChecking ? t("imports.checking") : t("imports.check")}
          </Button>
        </Row>
      </Section>
      <Section title={t("imports.columns")}>
        <p>
          {inspection.mapping_used_before
            ? t("imports.columnsRemembered")
            : t("imports.columnsHelp")}
        </p>
        {missing.length > 0 && (
          <Banner tone="warn">
            {missing.map((field) => `${nameOf(field)}: ${t("imports.required")}`).join(" · ")}
          </Banner>
        )}
        <ColumnTable
          inspection={inspection}
          columns={columns}
          nameOf={nameOf}
          onChange={props.onColumns}
        />
      </Section>
    </div>
  );
}
