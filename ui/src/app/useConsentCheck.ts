import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useBackend } from "../backend/context";
import type { Problem, RunsView, RunView } from "../backend/types";
import { useAnnounce } from "../components/Announcer";
import { leftOf } from "../components/consent/consentState";
import { useWords } from "../words/useWords";
import { useConnection } from "./connection";
import { useJob } from "./job";
import { RUNS, VERIFICATION } from "./queries";
import { useSession } from "./session";

/** How often the tenant is asked while the page is open, in milliseconds. */
const EVERY = 30_000;

interface ConsentCheck {
  /** False in another tenant than that of the run, which cannot be asked from here. */
  here: boolean;
  look: () => void;
  looking: boolean;
  problem: Problem | null;
}

/** Looks whether what a run left to another administrator is granted: on demand, and by itself while one waits. */
export function useConsentCheck(run: RunView): ConsentCheck {
  const t = useWords();
  const backend = useBackend();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const { looked } = useJob();
  const { locked } = useSession();
  const { connection } = useConnection();
  const left = run.consent === null ? 0 : leftOf(run.consent);
  const here = connection.tenantId === run.tenantId;

  const check = useMutation({
    mutationFn: () => backend.checkConsent(run.id),
    onSuccess: (now) => {
      looked(now);
      queries.setQueryData<RunsView>(
        RUNS,
        (journal) => journal && { ...journal, runs: journal.runs.map((other) => (other.id === now.id ? now : other)) },
      );
      const leftNow = now.consent === null ? 0 : leftOf(now.consent);
      if (leftNow < left) {
        queries.removeQueries({ queryKey: VERIFICATION });
        announce(t("consent.newlyGranted", { count: left - leftNow, left: leftNow }));
      }
    },
  });

  const { mutate, isPending } = check;
  const pending = useRef(isPending);
  useEffect(() => {
    pending.current = isPending;
  }, [isPending]);
  // Nobody waits in front of a window that is hidden or locked.
  const waits = here && left > 0 && !locked;
  useEffect(() => {
    if (!waits) {
      return;
    }
    const timer = setInterval(() => {
      if (document.visibilityState !== "hidden" && !pending.current) {
        mutate();
      }
    }, EVERY);
    return () => clearInterval(timer);
  }, [waits, mutate]);

  return {
    here,
    look: () => {
      if (!pending.current) {
        mutate();
      }
    },
    looking: isPending,
    problem: check.error,
  };
}
