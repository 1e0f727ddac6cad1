import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useJob } from "../../app/job";
import { RUNS } from "../../app/queries";
import { useBackend } from "../../backend/context";
import type { RunsView, RunView } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { useWords } from "../../words/useWords";

/** Leaves a run as it is; the journal and the run in hand know it at once. */
export function useLeaveAsIs(onLeft?: (run: RunView) => void) {
  const backend = useBackend();
  const queries = useQueryClient();
  const t = useWords();
  const announce = useAnnounce();
  const { looked } = useJob();
  return useMutation({
    mutationFn: (run: RunView) => backend.leaveRun(run.id),
    onSuccess: (now) => {
      looked(now);
      announce(t("unfinished.leftNow", { subject: now.subject }));
      onLeft?.(now);
      queries.setQueryData<RunsView>(
        RUNS,
        (journal) => journal && { ...journal, runs: journal.runs.map((other) => (other.id === now.id ? now : other)) },
      );
    },
  });
}
