import type {
  Fix,
  OpenedConsent,
  PlanView,
  PrincipalCard,
  Problem,
  RunEvent,
  RunView,
  SetupRequest,
} from "../backend/types";
import type { Target } from "../components/LinkButton";
import { secretOffered } from "../components/run/stepState";
import type { AppForm } from "../screens/setup/appForm";
import type { WordId } from "../words/useWords";

/** The form for a managed identity: whom, what, and what was searched for. */
export interface IdentityForm {
  card: PrincipalCard | null;
  /** Key of the permission set; none for the tenant's default. */
  permissionSet: string | null;
  search: string;
}

/** The page that a fix was asked for on, which is where one goes to see what has become of it. */
export interface Origin {
  target: Target;
  /** The way back before anything was done; may hold `{name}`. */
  back: WordId;
  /** The same after it: what was found is looked at again. */
  again: WordId;
  /** Whom the page is about. */
  name: string;
}

/**
 * What a plan is made for: a set-up of one's own, another's request for consent, what mends a finding, or a run of
 * before, by its id.
 */
export type Wanted =
  | { request: SetupRequest; clientId: string | null }
  | { consent: OpenedConsent }
  | { fix: Fix; from: Origin }
  | { continues: string }
  | { undoes: string };

/** The set-up in hand: what was typed, the plan made of it, and its run. */
export interface Job {
  appForm: AppForm | null;
  identity: IdentityForm;
  /** Another's request for consent that was opened. */
  opened: OpenedConsent | null;
  /** What the plan and its run are for: a request of one's own, or another's for consent; else a run of before. */
  request: SetupRequest | null;
  consent: OpenedConsent | null;
  fix: Fix | null;
  /** Where the fix was asked for; stays while its run is continued or undone. */
  from: Origin | null;
  /** Client id of the app that the request means, where the form knew it. */
  clientId: string | null;
  /** The managed identity that the request means, as it was chosen. */
  card: PrincipalCard | null;
  plan: PlanView | null;
  /** Counts the changes of the forms: a plan stands for them as they were when it was asked for. */
  edition: number;
  /** True from the press of the button until Rust has answered for the whole run. */
  running: boolean;
  cancelling: boolean;
  run: RunView | null;
  /** While a new secret waits to be shown: when it is removed from Entra, in milliseconds of the clock. */
  secretUntil: number | null;
  /** Why the run could not be started or cancelled; a step's own failure is in `run`. */
  problem: Problem | null;
  /** True from the end of a run until its page was shown. */
  unseen: boolean;
}

export const emptyJob: Job = {
  appForm: null,
  identity: { card: null, permissionSet: null, search: "" },
  opened: null,
  request: null,
  consent: null,
  fix: null,
  from: null,
  clientId: null,
  card: null,
  plan: null,
  edition: 0,
  running: false,
  cancelling: false,
  run: null,
  secretUntil: null,
  problem: null,
  unseen: false,
};

export type JobAction =
  /** `settled`: the page filled in what the form meant already; nobody changed anything. */
  | { kind: "appForm"; form: AppForm; settled: boolean }
  | { kind: "identity"; form: IdentityForm }
  | { kind: "opened"; opened: OpenedConsent }
  | { kind: "planned"; wanted: Wanted; plan: PlanView }
  | { kind: "starting" }
  /** `at`: when it came, in milliseconds of the clock. */
  | { kind: "event"; event: RunEvent; at: number }
  | { kind: "finished"; run: RunView }
  | { kind: "finished"; problem: Problem }
  | { kind: "cancelling" }
  | { kind: "notCancelled"; problem: Problem }
  | { kind: "seen" }
  /** The run, ended long since, as it stands now: another administrator may have granted something. */
  | { kind: "looked"; run: RunView }
  | { kind: "clear"; keepForms: boolean };

export function reduce(job: Job, action: JobAction): Job {
  switch (action.kind) {
    case "appForm":
      return {
        ...(action.settled || sameForm(job.appForm, action.form) ? job : withoutPlan(job)),
        appForm: action.form,
      };
    case "identity":
      return { ...(sameChoice(job.identity, action.form) ? job : withoutPlan(job)), identity: action.form };
    case "opened":
      return { ...withoutPlan(job), opened: action.opened };
    case "planned":
      // The plan of a run that goes on stays at hand.
      if (job.running) {
        return job;
      }
      return {
        ...job,
        ...subjectOf(action.wanted, job),
        plan: action.plan,
        run: null,
        problem: null,
        unseen: false,
      };
    case "starting":
      return { ...job, running: true, cancelling: false, run: null, problem: null, unseen: false };
    case "event": {
      const run = applyEvent(job.run, action.event);
      return { ...job, run, secretUntil: run === job.run ? job.secretUntil : secretUntil(job, run, action) };
    }
    case "finished":
      return "run" in action
        ? { ...job, ...ended, run: action.run, problem: null, unseen: true }
        : { ...job, ...ended, problem: action.problem, unseen: true };
    case "cancelling":
      return job.running ? { ...job, cancelling: true, problem: null } : job;
    case "notCancelled":
      return job.running ? { ...job, cancelling: false, problem: action.problem } : job;
    case "seen":
      return job.unseen ? { ...job, unseen: false } : job;
    case "looked":
      return !job.running && job.run?.id === action.run.id ? { ...job, run: action.run } : job;
    case "clear":
      return action.keepForms ? withoutPlan(job) : { ...emptyJob, edition: job.edition + 1 };
  }
}

const ended = { running: false, cancelling: false, secretUntil: null } as const;

/** A secret's time runs from the moment at which its step said so; news of other steps change nothing of it. */
function secretUntil(job: Job, run: RunView | null, { event, at }: { event: RunEvent; at: number }): number | null {
  const offered = run === null ? null : secretOffered(run);
  if (offered === null) {
    return null;
  }
  return event.kind === "step" && event.number !== offered.number ? job.secretUntil : at + offered.seconds * 1000;
}

const nobody = { request: null, consent: null, fix: null, from: null, clientId: null, card: null } as const;

/** Whom a plan is for, as the pages need to know it. */
function subjectOf(wanted: Wanted, job: Job): Pick<Job, keyof typeof nobody> {
  if ("consent" in wanted) {
    return { ...nobody, consent: wanted.consent };
  }
  if ("fix" in wanted) {
    return { ...nobody, fix: wanted.fix, from: wanted.from };
  }
  if (!("request" in wanted)) {
    const before = "continues" in wanted ? wanted.continues : wanted.undoes;
    return { ...nobody, from: job.run?.id === before ? job.from : null };
  }
  const { request, clientId } = wanted;
  return { ...nobody, request, clientId, card: request.kind === "managedIdentity" ? job.identity.card : null };
}

/** The forms alone: what was planned for them as they were before must not be offered any more. */
function withoutPlan(job: Job): Job {
  const { appForm, identity, opened, edition } = job;
  return job.running ? job : { ...emptyJob, appForm, identity, opened, edition: edition + 1 };
}

function sameForm(before: AppForm | null, now: AppForm): boolean {
  return before !== null && (Object.keys(now) as (keyof AppForm)[]).every((field) => before[field] === now[field]);
}

/** What was searched for changes nothing of what is asked. */
function sameChoice(before: IdentityForm, now: IdentityForm): boolean {
  return before.card?.objectId === now.card?.objectId && before.permissionSet === now.permissionSet;
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
