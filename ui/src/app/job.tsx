import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useReducer, useRef } from "react";
import { useBackend } from "../backend/context";
import { toProblem } from "../backend/problem";
import type { OpenedConsent, PlanView, Problem, RunView } from "../backend/types";
import { useAnnounce } from "../components/Announcer";
import type { AppForm } from "../screens/setup/appForm";
import { useWords } from "../words/useWords";
import { emptyJob, type IdentityForm, type Job, reduce, type Wanted, waitingSecret } from "./jobState";
import { RUNS, VERIFICATION } from "./queries";

interface JobHandle {
  job: Job;
  keepAppForm: (form: AppForm, settled: boolean) => void;
  keepIdentity: (form: IdentityForm) => void;
  /** The forms' edition now; the one in `job` is that of the last drawing. */
  edition: () => number;
  /** Another's request for consent was opened. */
  opened: (opened: OpenedConsent) => void;
  /** A plan was made for this. */
  planned: (wanted: Wanted, plan: PlanView) => void;
  /** Runs the plan; the events go on arriving whichever page is shown. */
  start: (plan: PlanView) => void;
  cancel: () => void;
  /** The operator has seen or copied the new secret of this run. */
  secretHad: (runId: string) => void;
  /** The page of the run that ended was shown. */
  seen: () => void;
  /** The run that ended was looked at again. */
  looked: (run: RunView) => void;
  /** Forgets the plan and the run; what was typed stays when `keepForms`. */
  clear: (keepForms: boolean) => void;
}

const JobContext = createContext<JobHandle | null>(null);

/** Holds the set-up in hand above the pages, so that going elsewhere loses neither what was typed nor a run. */
export function JobProvider({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const queries = useQueryClient();
  const t = useWords();
  const announce = useAnnounce();
  const [job, dispatch] = useReducer(reduce, emptyJob);
  const edition = useRef(job.edition);
  useEffect(() => {
    edition.current = job.edition;
  }, [job.edition]);

  const start = useCallback(
    (plan: PlanView) => {
      dispatch({ kind: "starting" });
      const finished = (end: { run: RunView } | { problem: Problem }) => {
        dispatch({ kind: "finished", ...end });
        // From here, whichever page is shown.
        announce("run" in end ? t("run.endAnnounce", { summary: end.run.summary }) : t("run.failed"));
        queries.invalidateQueries({ queryKey: RUNS });
        queries.removeQueries({ queryKey: VERIFICATION });
        queries.removeQueries({ queryKey: ["nameCheck"] });
      };
      backend
        .runPlan(plan.id, (event) => dispatch({ kind: "event", event }))
        .then(
          (run) => finished({ run }),
          (thrown: unknown) => finished({ problem: toProblem(thrown) }),
        );
    },
    [backend, queries, announce, t],
  );

  // From here, because the operator may be on any page.
  const until = waitingSecret(job)?.until ?? null;
  const said = useRef<number | null>(null);
  useEffect(() => {
    if (until !== null && said.current !== until) {
      announce(t("newSecret.announce", { minutes: Math.max(1, Math.round((until - Date.now()) / 60_000)) }));
    }
    said.current = until;
  }, [until, announce, t]);

  // A run has its name only from its first event on: a wish to cancel before that waits for it.
  const toCancel = job.cancelling ? job.run?.id : undefined;
  useEffect(() => {
    if (toCancel !== undefined) {
      backend.cancelRun(toCancel).catch((thrown: unknown) => {
        dispatch({ kind: "notCancelled", problem: toProblem(thrown) });
      });
    }
  }, [backend, toCancel]);

  // Apart from the job, so that an effect may depend on what it calls without running at each change of the job.
  const acts = useMemo<Omit<JobHandle, "job">>(
    () => ({
      keepAppForm: (form, settled) => dispatch({ kind: "appForm", form, settled }),
      edition: () => edition.current,
      keepIdentity: (form) => dispatch({ kind: "identity", form }),
      opened: (opened) => dispatch({ kind: "opened", opened }),
      planned: (wanted, plan) => dispatch({ kind: "planned", wanted, plan }),
      start,
      cancel: () => dispatch({ kind: "cancelling" }),
      secretHad: (runId) => dispatch({ kind: "secretHad", runId }),
      seen: () => dispatch({ kind: "seen" }),
      looked: (run) => dispatch({ kind: "looked", run }),
      clear: (keepForms) => dispatch({ kind: "clear", keepForms }),
    }),
    [start],
  );
  const handle = useMemo<JobHandle>(() => ({ job, ...acts }), [job, acts]);
  return <JobContext.Provider value={handle}>{children}</JobContext.Provider>;
}

export function useJob(): JobHandle {
  const handle = useContext(JobContext);
  if (handle === null) {
    throw new Error("useJob outside of JobProvider");
  }
  return handle;
}
