import css from "./Progress.module.css";

/** How far a long job is. Without a total it only shows that it moves. */
export function Progress(props: { label: string; done: number; total: number | null }) {
  const { label, done, total } = props;
  return (
    <div className={css.progress}>
      <span className={css.label}>{label}</span>
      <progress
        aria-label={label}
        className={css.bar}
        {...(total ? { value: done, max: total } : {})}
      />
    </div>
  );
}
