import type { Sentence } from "../components";

// What a refusal says about fields that a form does not have: it must be read all the same.

interface Refusal {
  fields: { [name: string]: Sentence };
}

/** The sentences at fields that are not among `names`. */
export function unplaced(
  problem: Refusal | null | undefined,
  names: readonly string[],
): Sentence[] {
  return Object.entries(problem?.fields ?? {})
    .filter(([field]) => !names.includes(field))
    .map(([, sentence]) => sentence);
}
