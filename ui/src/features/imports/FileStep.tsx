import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportKind } from "../../api/bindings";
import { Button, Form, type Problem, Row, Section } from "../../components";
import { PathField } from "../../parts/PathField";

const TABLES = ["csv", "tsv", "txt", "xlsx", "xls", "ods", "gz"];

/** The file: it stays where it lies and is read from there. */
export function FileStep(props: {
  kind: ImportKind;
  initial: string;
  problem: Problem | null;
  isLooking: boolean;
  onFile: (path: string) => void;
}) {
  const { kind, initial, problem, isLooking, onFile } = props;
  const { t } = useTranslation();
  const [path, setPath] = useState(initial);
  const typed = path.trim();
  return (
    <Section>
      <p>{t(`imports.kindHelp.${kind}`)}</p>
      <Form onSubmit={() => typed && onFile(typed)} problem={problem}>
        <PathField
          label={t("imports.path")}
          help={t("imports.dropHelp")}
          chooseLabel={t("imports.choose")}
          filter={{ name: t("imports.tables"), extensions: TABLES }}
          value={path}
          onChange={setPath}
          onChosen={onFile}
          testId="import-path"
        />
        <Row end>
          <Button
            type="submit"
            tone="accent"
            isDisabled={typed === ""}
            isPending={isLooking}
            testId="import-look"
          >
            {t("common.continue")}
          </Button>
        </Row>
      </Form>
    </Section>
  );
}
