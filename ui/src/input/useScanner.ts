import { createContext, useContext, useEffect, useEffectEvent } from "react";
import { listenForScans, SCANNER, type ScannerSettings } from "./scanner";

/** What this machine's scanner sends around a code; given once, by the shell. */
export const ScannerContext = createContext<Partial<ScannerSettings>>({});

/** Hears the scanner while the screen is shown, wherever the focus is. */
export function useScanner(props: {
  onScan: (code: string) => void;
  onTyped?: (key: string) => void;
  enabled?: boolean;
  settings?: Partial<ScannerSettings>;
}): void {
  const { enabled = true, settings } = props;
  const scan = useEffectEvent((code: string) => props.onScan(code));
  const typed = useEffectEvent((key: string) => props.onTyped?.(key));
  const ofMachine = useContext(ScannerContext);
  const { gapMs, lengthMin, prefix, suffix } = { ...SCANNER, ...ofMachine, ...settings };
  const wantsTyped = props.onTyped !== undefined;
  useEffect(() => {
    if (!enabled) return undefined;
    return listenForScans(
      window,
      { gapMs, lengthMin, prefix, suffix },
      { onScan: (code) => scan(code), onTyped: wantsTyped ? (key) => typed(key) : undefined },
    );
  }, [enabled, gapMs, lengthMin, prefix, suffix, wantsTyped]);
}
