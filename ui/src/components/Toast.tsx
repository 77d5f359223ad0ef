import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "./Button";
import { type Problem, useSentence } from "./problem";
import css from "./Toast.module.css";

interface Shown {
  id: number;
  tone: "calm" | "danger";
  words: string;
}

interface Toasts {
  say: (words: string) => void;
  fail: (problem: Problem) => void;
}

const ToastContext = createContext<Toasts>({ say: () => undefined, fail: () => undefined });

/** Short words after something was done, or why it was not; gone by themselves when calm. */
export function useToast(): Toasts {
  return useContext(ToastContext);
}

const CALM_MS = 4_000;
const SHOWN_MAX = 3;

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<Shown[]>([]);
  const sentence = useSentence();
  const { t } = useTranslation();
  const drop = useCallback((id: number) => {
    setShown((before) => before.filter((toast) => toast.id !== id));
  }, []);
  const add = useCallback(
    (tone: Shown["tone"], words: string) => {
      const id = performance.now();
      setShown((before) => [...before, { id, tone, words }].slice(-SHOWN_MAX));
      window.setTimeout(() => drop(id), tone === "calm" ? CALM_MS : CALM_MS * 2);
    },
    [drop],
  );
  const toasts = useMemo<Toasts>(
    () => ({
      say: (words) => add("calm", words),
      fail: (problem) => {
        if (problem.code !== "cancelled") add("danger", sentence(problem));
      },
    }),
    [add, sentence],
  );
  return (
    <ToastContext value={toasts}>
      {children}
      <div className={css.region} role="region" aria-label={t("common.messages")}>
        {shown.map((toast) => (
          <div
            key={toast.id}
            className={`${css.toast} ${css[toast.tone]}`}
            role={toast.tone === "danger" ? "alert" : "status"}
            data-testid="toast"
          >
            {toast.tone === "danger" ? <TriangleAlert aria-hidden /> : <CircleCheck aria-hidden />}
            <span className={css.words}>{toast.words}</span>
            <IconButton
              label={t("common.close")}
              icon={<X />}
              size="small"
              onPress={() => drop(toast.id)}
            />
          </div>
        ))}
      </div>
    </ToastContext>
  );
}
