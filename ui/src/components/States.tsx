import { CircleAlert, Inbox } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";
import { type Problem, useSentence } from "./problem";
import css from "./States.module.css";

/** Nothing here yet: why, and what to do about it. */
export function EmptyState(props: {
  title: string;
  children?: ReactNode;
  icon?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={css.state}>
      <span className={css.picture} aria-hidden="true">
        {props.icon ?? <Inbox />}
      </span>
      <p className={css.title}>{props.title}</p>
      {props.children && <div className={css.words}>{props.children}</div>}
      {props.action}
    </div>
  );
}

/** It could not be read: what happened, and a button that tries again. */
export function FailedState({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t } = useTranslation();
  const sentence = useSentence();
  return (
    <div className={css.state} role="alert">
      <span className={`${css.picture} ${css.failed}`} aria-hidden="true">
        <CircleAlert />
      </span>
      <p className={css.title}>{t("common.failedTitle")}</p>
      <p className={css.words} data-selectable>
        {sentence(problem)}
      </p>
      {onRetry && <Button onPress={onRetry}>{t("common.tryAgain")}</Button>}
    </div>
  );
}

/** Grey bars while an answer is on its way. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className={css.skeleton} role="status" aria-busy="true" aria-label={t("common.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move
        <span key={row} className={css.bar} style={{ width: `${92 - ((row * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

interface Answer<T> {
  data: T | undefined;
  error: Problem | null;
  refetch: () => unknown;
}

/** The three faces of a read: loading, failed, and its content. */
export function Loaded<T>(props: {
  query: Answer<T>;
  children: (data: T) => ReactNode;
  rows?: number;
}) {
  const { query, children, rows } = props;
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) {
    return <FailedState problem={query.error} onRetry={() => void query.refetch()} />;
  }
  return <Skeleton rows={rows ?? 6} />;
}
