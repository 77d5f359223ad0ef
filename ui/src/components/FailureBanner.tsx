import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import css from "./FailureBanner.module.css";
import { type Problem, useSentence } from "./problem";

/** What went wrong and what to do next, in place. */
export function FailureBanner({ problem }: { problem: Problem | null | undefined }) {
  const sentence = useSentence();
  if (!problem || problem.code === "cancelled") return null;
  return <Banner tone="danger">{sentence(problem)}</Banner>;
}

/** A sentence that stays while it is true. */
export function Banner(props: {
  tone: "danger" | "warn" | "calm";
  children: ReactNode;
  action?: ReactNode;
}) {
  const { tone, children, action } = props;
  return (
    <div className={`${css.banner} ${css[tone]}`} role={tone === "danger" ? "alert" : "status"}>
      {tone !== "calm" && <TriangleAlert aria-hidden="true" />}
      <div className={css.words} data-selectable>
        {children}
      </div>
      {action}
    </div>
  );
}
