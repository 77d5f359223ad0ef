// What a machine keeps of its scanner: what it sends around a code.

/** Under this name the machine keeps it. */
export const SCANNER_SETTING = "scanner";

export interface Scanner {
  prefix: string;
  suffix: string;
}

/** What this machine keeps of its scanner; whatever else stands there counts as nothing. */
export function asScanner(value: unknown): Scanner {
  const kept = (typeof value === "object" && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  const text = (name: string) => {
    const found = kept[name];
    return typeof found === "string" ? found : "";
  };
  return { prefix: text("prefix"), suffix: text("suffix") };
}
