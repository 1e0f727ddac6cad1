import { useMutation } from "@tanstack/react-query";
import { useBackend } from "../../backend/context";
import type { Problem } from "../../backend/types";

/** Cancels a run of this process that the page does not hold any more, because it was reloaded since. */
export function useCancelOurs(runId: string): { cancel: () => void; pending: boolean; problem: Problem | null } {
  const backend = useBackend();
  const cancel = useMutation({ mutationFn: () => backend.cancelRun(runId) });
  return {
    cancel: () => cancel.mutate(),
    // Until the journal says that it has stopped.
    pending: cancel.isPending || cancel.isSuccess,
    problem: cancel.error,
  };
}
