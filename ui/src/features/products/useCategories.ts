import { useMemo } from "react";
import type { Category } from "../../api/bindings";
import { useRead } from "../../api/call";
import type { Option } from "../../components";

/** Deeper than any shop sorts: ends a circle that two machines may have made while apart. */
const DEPTH_MAX = 8;

/** The name of a category with those it is inside of: "Drinks › Water". */
export function categoryPath(all: readonly Category[], id: string | null | undefined): string {
  const names: string[] = [];
  let at = id;
  while (at && names.length < DEPTH_MAX) {
    const found = all.find((one) => one.category_id === at);
    if (!found) break;
    names.unshift(found.name);
    at = found.parent_id;
  }
  return names.join(" › ");
}

export interface Categories {
  all: Category[];
  /** Those in use, by path. */
  options: Option[];
  pathOf: (id: string | null | undefined) => string;
}

/** Every category, as choices and as names. */
export function useCategories(): Categories {
  const found = useRead("catalogue.categories", {});
  const all = found.data?.categories;
  return useMemo(() => {
    const known = all ?? [];
    const paths = new Map(
      known.map((one) => [one.category_id, categoryPath(known, one.category_id)]),
    );
    const pathOf = (id: string | null | undefined) => (id && paths.get(id)) || "";
    const options = known
      .filter((one) => !one.archived)
      .map((one) => ({ id: one.category_id ?? "", label: pathOf(one.category_id) }))
      .sort((a, b) => a.label.localeCompare(b.label));
    return { all: known, options, pathOf };
  }, [all]);
}
