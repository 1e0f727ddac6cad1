import { createContext, type ReactNode, useContext, useMemo } from "react";
import { useJob } from "../../app/job";
import type { Origin } from "../../app/jobState";
import type { Fix, Problem } from "../../backend/types";
import { usePlanning } from "../../screens/setup/usePlanning";

const OriginContext = createContext<Origin | null>(null);

/** The page to come back to from each fix that is asked for inside of it. */
export function FixOrigin({ from, children }: { from: Origin; children: ReactNode }) {
  return <OriginContext.Provider value={from}>{children}</OriginContext.Provider>;
}

export interface Fixing {
  /** Plans it and shows the plan. */
  plan: (fix: Fix) => void;
  /** What is being planned, that very object. */
  pending: Fix | null;
  problem: Problem | null;
  /** Forgets the problem. */
  reset: () => void;
  /** A run goes on: nothing else can be planned. */
  running: boolean;
}

/** Leads from a finding to its plan. Each part of a page has its own, so that a problem stands where one pressed. */
export function useFixing(): Fixing {
  const from = useContext(OriginContext);
  if (from === null) {
    throw new Error("useFixing outside of FixOrigin");
  }
  const { job } = useJob();
  const { mutate, reset, isPending, variables, error } = usePlanning();
  const pending = isPending && variables !== undefined && "fix" in variables ? variables.fix : null;
  const { running } = job;
  return useMemo(
    () => ({ plan: (fix) => mutate({ fix, from }), pending, problem: error, reset, running }),
    [mutate, from, pending, error, reset, running],
  );
}
