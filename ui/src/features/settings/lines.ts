/** What was typed, as lines of a paper. Empty ones stay: they are space between the others. */
export function asLines(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}
