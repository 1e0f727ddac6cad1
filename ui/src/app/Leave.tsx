import { useNavigate } from "@tanstack/react-router";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { useBackend } from "../backend/context";
import { toProblem } from "../backend/problem";
import type { Problem } from "../backend/types";
import { useAnnounce } from "../components/Announcer";
import { Sentence } from "../components/Name";
import { useWords, Words } from "../words/useWords";
import { useSetConnection } from "./connection";
import { useJob } from "./job";
import { waitingSecret } from "./jobState";
import { StopRunDialog } from "./StopRunDialog";

const LeaveContext = createContext<() => void>(() => undefined);

/** `leave()`: ends the session, and asks first while a run goes on. */
export function useLeave(): () => void {
  return useContext(LeaveContext);
}

/** Holds the question, so that it outlives the menu or banner whose button asked it. */
export function LeaveProvider({ children }: { children: ReactNode }) {
  const t = useWords();
  const backend = useBackend();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const setConnection = useSetConnection();
  const { job, cancel, clear } = useJob();
  const [asking, setAsking] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const [refused, setRefused] = useState<Problem | null>(null);

  const go = useCallback(async () => {
    try {
      await backend.disconnect();
    } catch (thrown) {
      setRefused(toProblem(thrown));
      return;
    }
    // First: a page of a job that is gone would lead on to one of its own.
    await navigate({ to: "/" });
    clear(false);
    setConnection(null);
  }, [backend, clear, setConnection, navigate]);

  // Rust lets nobody leave while a run goes on: it is stopped first, and its end is waited for.
  useEffect(() => {
    if (leaving && !job.running) {
      setLeaving(false);
      setAsking(false);
      void go();
    }
  }, [leaving, job.running, go]);

  useEffect(() => {
    if (leaving && job.running && job.problem !== null) {
      setLeaving(false);
      setRefused(job.problem);
    }
  }, [leaving, job.running, job.problem]);

  // A run that ends meanwhile leaves nothing to ask.
  useEffect(() => {
    if (!job.running && !leaving) {
      setAsking(false);
    }
  }, [job.running, leaving]);

  const leave = useMemo(() => (job.running ? () => setAsking(true) : () => void go()), [job.running, go]);

  const stay = () => {
    setLeaving(false);
    setAsking(false);
    setRefused(null);
  };
  const stop = () => {
    setRefused(null);
    if (!job.running) {
      void go();
      return;
    }
    setLeaving(true);
    announce(t("run.cancelling"));
    cancel();
  };

  return (
    <LeaveContext.Provider value={leave}>
      {children}
      <StopRunDialog
        open={asking || refused !== null}
        title={t(asking ? "leave.title" : "leave.refused")}
        stay={t("leave.stay")}
        onStay={stay}
        stop={t(job.running ? "leave.stop" : "leave.again")}
        onStop={stop}
        stopping={leaving}
        problem={refused}
      >
        {asking && (
          <>
            <Words id="leave.why" values={{ subject: <Sentence text={job.plan?.subject ?? ""} /> }} />
            {waitingSecret(job) !== null && <> {t("close.secret")}</>}
          </>
        )}
      </StopRunDialog>
    </LeaveContext.Provider>
  );
}
