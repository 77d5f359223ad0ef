// The one way a screen speaks to the program: `useRead` for what it shows, `useWrite` for what a
// person does. A write that needs a manager asks for one and is sent again with the approval.
import {
  keepPreviousData,
  type QueryClient,
  queryOptions,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { type Commands, reads, writes } from "./bindings";
import { CANCELLED, type Failure, failed, toFailure } from "./failure";
import { transport } from "./transport";

export type Name = keyof Commands;
export type Args<N extends Name> = Commands[N]["args"];
export type Result<N extends Name> = Commands[N]["result"];

/** What each read is made from, and what each write changes. */
const made: Partial<Record<string, readonly string[]>> = reads;
const changes: Partial<Record<string, readonly string[]>> = writes;

/** A manager's word for one action; never signs the manager in. */
export interface Approval {
  user_id: string;
  pin: string;
  reason: string;
}

/** Sends one command. Throws a `Failure`, and nothing else. */
export async function call<N extends Name>(
  name: N,
  args: Args<N>,
  approval?: Approval,
): Promise<Result<N>> {
  try {
    const sent = approval ? { ...(args as object), approval } : args;
    return (await transport().call(name, sent)) as Result<N>;
  } catch (thrown) {
    throw toFailure(thrown);
  }
}

/** The query of a read, for prefetching as well as for `useRead`. */
export function read<N extends Name>(name: N, args: Args<N>) {
  return queryOptions<Result<N>, Failure>({
    queryKey: [name, args],
    queryFn: () => call(name, args),
  });
}

export interface ReadOptions {
  /** False while the screen does not yet know what to ask. */
  enabled?: boolean;
  /** Show the old answer while a new search is on its way. */
  keep?: boolean;
  /** Ask again every so many milliseconds. */
  every?: number;
}

export function useRead<N extends Name>(
  name: N,
  args: Args<N>,
  options: ReadOptions = {},
): UseQueryResult<Result<N>, Failure> {
  return useQuery({
    ...read(name, args),
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
    ...(options.every ? { refetchInterval: options.every } : {}),
  }) as UseQueryResult<Result<N>, Failure>;
}

/** Asks a person for an approval; null when they decline. Given by the shell. */
export type AskApproval = (failure: Failure) => Promise<Approval | null>;
export const ApprovalContext = createContext<AskApproval>(async () => null);

/** Marks every answer stale that was made from one of these tags. */
export function forget(client: QueryClient, tags: readonly string[]): void {
  void client.invalidateQueries({
    predicate: ({ queryKey }) => {
      const from = made[String(queryKey[0])] ?? [];
      return from.some((tag) => tags.includes(tag));
    },
  });
}

/** Sends a write; when a manager is needed, asks, and sends it again until it stands or is dropped. */
export async function callApproved<N extends Name>(
  name: N,
  args: Args<N>,
  ask: AskApproval,
): Promise<Result<N>> {
  let approval: Approval | undefined;
  for (;;) {
    try {
      return await call(name, args, approval);
    } catch (thrown) {
      if (!failed(thrown, "approval_required")) throw thrown;
      const given = await ask(toFailure(thrown));
      if (!given) throw CANCELLED;
      approval = given;
    }
  }
}

/** Whether an answer depends on who asked. */
function ofSomebody({ queryKey }: { queryKey: readonly unknown[] }): boolean {
  return !["start.status", "users.sign_in_list", "users.me"].includes(String(queryKey[0]));
}

const feature = (name: unknown) => String(name).split(".")[0];

export function useWrite<N extends Name>(name: N): UseMutationResult<Result<N>, Failure, Args<N>> {
  const client = useQueryClient();
  const ask = useContext(ApprovalContext);
  return useMutation<Result<N>, Failure, Args<N>>({
    mutationFn: (args) => callApproved(name, args, ask),
    onSuccess: () => {
      // Another person sees nothing that was asked for the one before.
      if (name === "users.sign_in") client.removeQueries({ predicate: ofSomebody });
      forget(client, changes[name] ?? []);
      // Answers that come from outside a transaction (who sits here) name no tags.
      void client.invalidateQueries({
        predicate: ({ queryKey }) =>
          !made[String(queryKey[0])] && feature(queryKey[0]) === feature(name),
      });
    },
  });
}
