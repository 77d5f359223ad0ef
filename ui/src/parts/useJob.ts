// Long work: how far it is, and a way to stop it. The program also tells of progress by itself.
import { useQuery } from "@tanstack/react-query";
import type { JobStatus } from "../api/bindings";
import { read, useWrite } from "../api/call";
import type { Failure } from "../api/failure";

const LOOK_EVERY_MS = 500;

export function useJob(jobId: string | null) {
  const status = useQuery<JobStatus, Failure>({
    ...read("job.status", { job_id: jobId ?? "" }),
    enabled: jobId !== null,
    refetchInterval: ({ state }) => (state.data?.state === "running" ? LOOK_EVERY_MS : false),
  });
  const cancel = useWrite("job.cancel");
  return {
    job: status.data,
    problem: status.error ?? status.data?.failure ?? null,
    isRunning: jobId !== null && (!status.data || status.data.state === "running"),
    cancel: () => {
      if (jobId !== null) cancel.mutate({ job_id: jobId });
    },
  };
}
