import { Plus, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Banner, Button, IconButton, type Problem, Section, useSentence } from "../../components";
import css from "./RowList.module.css";

/** What the program said of one part of the form; its sentence is known in every language. */
export function usePartProblem(problem: Problem | null, part: string): string | null {
  const sentence = useSentence();
  const said = problem?.fields[part];
  return said ? sentence(said) : null;
}

/** A short list of fields in rows: headings once, a row each, a button that adds one. */
export function RowList<R extends { key: string }>(props: {
  title: string;
  help: string;
  emptyText: string;
  /** Widths of the columns, as a grid takes them. */
  columns: string;
  headings: string[];
  rows: readonly R[];
  cells: (row: R, index: number) => ReactNode;
  addLabel: string;
  onAdd: () => void;
  onRemove: (row: R) => void;
  nameOf: (row: R) => string;
  isFixed: boolean;
  /** What is wrong with the list as a whole. */
  problem?: string | null;
  testId?: string;
}) {
  const { title, help, emptyText, columns, headings, rows, cells, isFixed, problem } = props;
  const { addLabel, onAdd, onRemove, nameOf, testId } = props;
  const { t } = useTranslation();
  const layout = { gridTemplateColumns: isFixed ? columns : `${columns} var(--control)` };
  return (
    <Section
      title={title}
      {...(testId ? { testId } : {})}
      actions={
        !isFixed && (
          <Button
            size="small"
            icon={<Plus />}
            onPress={onAdd}
            {...(testId ? { testId: `${testId}-add` } : {})}
          >
            {addLabel}
          </Button>
        )
      }
    >
      <p className={css.help}>{rows.length === 0 ? emptyText : help}</p>
      {problem && <Banner tone="danger">{problem}</Banner>}
      {rows.length > 0 && (
        <div className={css.rows}>
          <div className={css.heads} style={layout} aria-hidden="true">
            {headings.map((heading) => (
              <span key={heading}>{heading}</span>
            ))}
          </div>
          {rows.map((row, index) => (
            <div key={row.key} className={css.row} style={layout}>
              {cells(row, index)}
              {!isFixed && (
                <IconButton
                  label={`${t("common.remove")} ${nameOf(row)}`}
                  icon={<X />}
                  onPress={() => onRemove(row)}
                />
              )}
            </div>
          ))}
        </div>
      )}
    </Section>
  );
}
