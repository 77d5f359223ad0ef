import type { ReactNode } from "react";
import css from "./Page.module.css";

/** A screen of the office: its name, what can be done, and its content. */
export function Page(props: {
  title: string;
  /** One sentence under the name. */
  lead?: ReactNode;
  actions?: ReactNode;
  /** Search and filters, in a row above the content. */
  tools?: ReactNode;
  children: ReactNode;
  /** The content reaches the edges: grids. */
  flush?: boolean;
}) {
  const { title, lead, actions, tools, children, flush } = props;
  return (
    <section className={css.page} aria-label={title}>
      <header className={css.head}>
        <div className={css.names}>
          <h1 className={css.title}>{title}</h1>
          {lead && <p className={css.lead}>{lead}</p>}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </header>
      {tools && <div className={css.tools}>{tools}</div>}
      {flush ? (
        <div className={css.flush}>{children}</div>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
        <div className={css.body} tabIndex={0}>
          {children}
        </div>
      )}
    </section>
  );
}

/** A box on the page with a name. */
export function Section(props: {
  title?: string;
  actions?: ReactNode;
  children: ReactNode;
  testId?: string;
}) {
  const { title, actions, children, testId } = props;
  return (
    <section className={css.section} aria-label={title} data-testid={testId}>
      {(title || actions) && (
        <header className={css.sectionHead}>
          <h2 className={css.sectionTitle}>{title}</h2>
          {actions && <div className={css.actions}>{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

export interface Fact {
  term: string;
  value: ReactNode;
  testId?: string;
}

/** Names and values under each other: a summary, totals. */
export function Facts({ facts, numeric }: { facts: Fact[]; numeric?: boolean }) {
  return (
    <dl className={numeric ? css.figures : css.facts}>
      {facts.map((fact) => (
        <div key={fact.term} className={css.fact}>
          <dt>{fact.term}</dt>
          <dd data-testid={fact.testId}>{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Two parts beside each other: a list, and what is chosen in it. */
export function Split(props: { children: ReactNode; aside?: ReactNode; asideWidth?: string }) {
  return (
    <div className={css.split}>
      <div className={css.main}>{props.children}</div>
      {props.aside && (
        <aside className={css.aside} style={{ width: props.asideWidth ?? "28rem" }}>
          {props.aside}
        </aside>
      )}
    </div>
  );
}

/** Buttons or fields in a row. */
export function Row({ children, end }: { children: ReactNode; end?: boolean }) {
  return <div className={end ? css.rowEnd : css.row}>{children}</div>;
}

/** Things under each other, evenly apart. */
export function Stack({ children }: { children: ReactNode }) {
  return <div className={css.stack}>{children}</div>;
}
