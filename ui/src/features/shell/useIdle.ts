import { useEffect, useEffectEvent } from "react";

const SIGNS_OF_LIFE = ["keydown", "pointerdown", "pointermove"] as const;
const MINUTE_MS = 60_000;

/** Runs `act` when nobody has touched the machine for so many minutes; 0 never does. */
export function useIdle(minutes: number, act: () => void): void {
  const idle = useEffectEvent(act);
  useEffect(() => {
    if (minutes === 0) return undefined;
    let timer = window.setTimeout(() => idle(), minutes * MINUTE_MS);
    const touched = () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => idle(), minutes * MINUTE_MS);
    };
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, touched, { passive: true });
    return () => {
      window.clearTimeout(timer);
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, touched);
    };
  }, [minutes]);
}
