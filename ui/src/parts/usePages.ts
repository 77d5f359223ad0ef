// A long list, page after page, as it is scrolled.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Args, call, type Name, type Result } from "../api/call";
import { type Failure, toFailure } from "../api/failure";

/** Where the next page begins: an id, a code or a number, as the command has it. */
type Mark = string | number | null;

interface Paged<N extends Name, Row> {
  /** What is asked, without where the page begins; a change begins at the first page again. */
  key: unknown;
  argsAt: (mark: Mark) => Args<N>;
  rowsOf: (page: Result<N>) => readonly Row[];
  nextOf: (page: Result<N>) => Mark | undefined;
  enabled?: boolean;
}

export interface Pages<Page, Row> {
  /** Undefined until the first page is there. */
  rows: Row[] | undefined;
  first: Page | undefined;
  error: Failure | null;
  hasMore: boolean;
  /** Fetches the next page, once, if there is one. */
  more: () => void;
  refetch: () => void;
}

export function usePages<N extends Name, Row>(
  name: N,
  { key, argsAt, rowsOf, nextOf, enabled = true }: Paged<N, Row>,
): Pages<Result<N>, Row> {
  const found = useInfiniteQuery({
    queryKey: [name, "pages", key],
    queryFn: ({ pageParam }) => call(name, argsAt(pageParam)),
    initialPageParam: null as Mark,
    getNextPageParam: (page) => nextOf(page) ?? null,
    placeholderData: keepPreviousData,
    enabled,
  });
  const pages = found.data?.pages;
  // biome-ignore lint/correctness/useExhaustiveDependencies: how rows are taken never changes
  const rows = useMemo(() => pages?.flatMap(rowsOf), [pages]);
  return {
    rows,
    first: pages?.[0],
    error: found.error ? toFailure(found.error) : null,
    hasMore: found.hasNextPage,
    more: () => {
      if (found.hasNextPage && !found.isFetching) void found.fetchNextPage();
    },
    refetch: () => void found.refetch(),
  };
}
