// Patterns of permissions as a form changes them: `*`, `pos:*`, `pos:sell`.

const EVERYTHING = "*";

export const area = (name: string): string => name.split(":")[0] ?? name;
export const wholeArea = (of: string): string => `${of}:*`;

/** Permissions by their area, in the order they are named. */
export function byArea<P extends { name: string }>(all: readonly P[]): [string, P[]][] {
  const areas = new Map<string, P[]>();
  for (const one of all) areas.set(area(one.name), [...(areas.get(area(one.name)) ?? []), one]);
  return [...areas];
}

export const grantsAll = (patterns: readonly string[]): boolean => patterns.includes(EVERYTHING);

/** Whether the area is given as a whole: also what a later version adds to it. */
export const grantsArea = (patterns: readonly string[], of: string): boolean =>
  grantsAll(patterns) || patterns.includes(wholeArea(of));

export const grantsOne = (patterns: readonly string[], name: string): boolean =>
  grantsArea(patterns, area(name)) || patterns.includes(name);

/** Gives everything, or takes that back and leaves what was chosen besides. */
export function setAll(patterns: readonly string[], on: boolean): string[] {
  const others = patterns.filter((pattern) => pattern !== EVERYTHING);
  return on ? [EVERYTHING, ...others] : others;
}

/** Gives a whole area: its single permissions go, they say nothing more. */
export function setArea(patterns: readonly string[], of: string, on: boolean): string[] {
  const others = patterns.filter((pattern) => area(pattern) !== of);
  return on ? [...others, wholeArea(of)] : others;
}

export function setOne(patterns: readonly string[], name: string, on: boolean): string[] {
  const others = patterns.filter((pattern) => pattern !== name);
  return on ? [...others, name] : others;
}

/** What the role holds that this version does not know: kept, and shown by its name. */
export function unknown(patterns: readonly string[], known: readonly { name: string }[]): string[] {
  const names = new Set(known.map(({ name }) => name));
  const areas = new Set(known.map(({ name }) => area(name)));
  return patterns.filter((pattern) => {
    if (pattern === EVERYTHING || names.has(pattern)) return false;
    return !(pattern.endsWith(":*") && areas.has(area(pattern)));
  });
}
