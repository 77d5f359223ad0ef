import { lazy, Suspense } from "react";
import type { GridProps } from "./GridView";
import { Skeleton } from "./States";

export type { GridColumn, GridProps } from "./GridView";

// AG Grid is large: it is fetched with the first screen that shows a big list, never by the till.
const View = lazy(() => import("./GridView"));

/** A long list: thousands of rows, sorted by their columns, moved through by keys. */
export function Grid<R extends object>(props: GridProps<R>) {
  return (
    <Suspense fallback={<Skeleton rows={12} />}>
      <View {...(props as unknown as GridProps<object>)} />
    </Suspense>
  );
}
