// Categories are inside of each other; a list shows the way to each.

export interface Inside {
  category_id?: string | null;
  name: string;
  parent_id?: string | null;
}

/** `Food › Snacks › Crackers`. A circle, which the program refuses, ends where it began. */
export function wayTo(all: readonly Inside[], of: Inside): string {
  const names: string[] = [];
  const seen = new Set<string>();
  let at: Inside | undefined = of;
  while (at && !seen.has(at.category_id ?? "")) {
    seen.add(at.category_id ?? "");
    names.unshift(at.name);
    const parent: string | null = at.parent_id ?? null;
    at = parent === null ? undefined : all.find((one) => one.category_id === parent);
  }
  return names.join(" › ");
}

/** Those a category can be put into: neither itself nor one inside of it. */
export function parentsFor<C extends Inside>(all: readonly C[], id: string | null): C[] {
  if (id === null) return [...all];
  const inside = (one: Inside): boolean => {
    const seen = new Set<string>();
    let at: Inside | undefined = one;
    while (at && !seen.has(at.category_id ?? "")) {
      if (at.category_id === id) return true;
      seen.add(at.category_id ?? "");
      const parent: string | null = at.parent_id ?? null;
      at = parent === null ? undefined : all.find((other) => other.category_id === parent);
    }
    return false;
  };
  return all.filter((one) => !inside(one));
}
