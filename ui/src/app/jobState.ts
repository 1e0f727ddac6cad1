import type { PlanView, PrincipalCard, Problem, RunEvent, RunView, SetupRequest } from "../backend/types";
import type { AppForm } from "../screens/setup/appForm";

/** The form for a managed identity: whom, what, and what was searched for. */
export interface IdentityForm {
  card: PrincipalCard | null;
  /** Key of the permission set; none for the tenant's default. */
  permissionSet: string | null;
  search: string;
}

/** The set-up in hand: what was typed, the plan made of it, and its run. */
export interface Job {
  appForm: AppForm | null;
  identity: IdentityForm;
  request: SetupRequest | null;
  /** Client id of the app that the request means, where the form knew it. */
  clientId: string | null;
  plan: PlanView | null;
  /** True from the press of the button until Rust has answered for the whole run. */
  running: boolean;
  cancelling: boolean;
  run: RunView | null;
  /** Why the run could not be started or cancelled; a step's own failure is in `run`. */
  problem: Problem | null;
}

export const emptyJob: Job = {
  appForm: null,
  identity: { card: null, permissionSet: null, search: "" },
  request: null,
  clientId: null,
  plan: null,
  running: false,
  cancelling: false,
  run: null,
  problem: null,
};

export type JobAction =
  | { kind: "appForm"; form: AppForm }
  | { kind: "identity"; form: IdentityForm }
  | { kind: "planned"; request: SetupRequest; clientId: string | null; plan: PlanView }
  | { kind: "starting" }
  | { kind: "event"; event: RunEvent }
  | { kind: "finished"; run: RunView }
  | { kind: "finished"; problem: Problem }
  | { kind: "cancelling" }
  | { kind: "notCancelled"; problem: Problem }
  | { kind: "clear"; keepForms: boolean };

export function reduce(job: Job, action: JobAction): Job {
  switch (action.kind) {
    case "appForm":
      return { ...job, appForm: action.form };
    case "identity":
      return { ...job, identity: action.form };
    case "planned":
      return {
        ...job,
        request: action.request,
        clientId: action.clientId,
        plan: action.plan,
        run: null,
        problem: null,
      };
    case "starting":
      return { ...job, running: true, cancelling: false, run: null, problem: null };
    case "event":
      return { ...job, run: applyEvent(job.run, action.event) };
    case "finished":
      return "run" in action
        ? { ...job, running: false, cancelling: false, run: action.run, problem: null }
        : { ...job, running: false, cancelling: false, problem: action.problem };
    case "cancelling":
      return job.running ? { ...job, cancelling: true, problem: null } : job;
    case "notCancelled":
      return job.running ? { ...job, cancelling: false, problem: action.problem } : job;
    case "clear":
      return action.keepForms ? { ...emptyJob, appForm: job.appForm, identity: job.identity } : emptyJob;
  }
}

/** A run after one more event. A step's event for another run than the one at hand is too late and counts nothing. */
function applyEvent(run: RunView | null, event: RunEvent): RunView | null {
  if (event.kind !== "step") {
    return event.run;
  }
  if (run === null || run.id !== event.runId) {
    return run;
  }
  return {
    ...run,
    steps: run.steps.map((step) => (step.number === event.number ? { ...step, state: event.state } : step)),
  };
}
