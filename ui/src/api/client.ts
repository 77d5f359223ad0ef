// The cache of answers. The program is on this machine: being off line never holds a call back.
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { forget } from "./call";
import { failed } from "./failure";
import { transport } from "./transport";

export function makeClient(): QueryClient {
  // Signed out or locked from elsewhere: ask who sits here, and the window shows the right face.
  const onError = (thrown: unknown) => {
    if (failed(thrown, "signed_out") || failed(thrown, "locked")) {
      void client.invalidateQueries({ queryKey: ["users.me"] });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        networkMode: "always",
        retry: false,
        staleTime: 30_000,
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}

/** Keeps the cache honest while other windows, jobs and the sync change rows. */
export function followChanges(client: QueryClient): () => void {
  return transport().listen((heard) => {
    if (heard.event === "changed") forget(client, heard.tags);
    else client.setQueryData(["job.status", { job_id: heard.job.job_id }], heard.job);
  });
}
