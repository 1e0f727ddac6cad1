import type { Problem, RunStep, RunView, StepState } from "../../backend/types";
import type { WordId } from "../../words/useWords";
import { useWords } from "../../words/useWords";
import { Mark, type Tone } from "../Mark";

const TONES: Record<StepState["kind"], Tone> = {
  alreadySo: "settled",
  waiting: "waiting",
  working: "busy",
  catchingUp: "busy",
  keychainAsks: "busy",
  showsSecret: "warn",
  throttled: "busy",
  done: "good",
  failed: "bad",
  consentAsked: "waiting",
  notDone: "skipped",
};

type Translate = (id: WordId, values?: Record<string, string | number>) => string;

/** Where a step stands, in words. */
export function stateWords(t: Translate, state: StepState): string {
  switch (state.kind) {
    case "catchingUp":
      return t("state.catchingUp", { attempt: state.attempt, seconds: state.seconds });
    case "throttled":
      return t("state.throttled", { seconds: state.seconds });
    default:
      return t(`state.${state.kind}`);
  }
}

export function StateMark({ state }: { state: StepState }) {
  const t = useWords();
  return <Mark tone={TONES[state.kind]}>{stateWords(t, state)}</Mark>;
}

/** The steps that are behind us, those that were so before included. */
export function behind(steps: RunStep[]): number {
  return steps.filter(({ state }) => state.kind === "done" || state.kind === "alreadySo").length;
}

/** A secret that waits for the operator, because the keychain does not keep it. */
export interface OfferedSecret {
  /** The step that made it. */
  number: number;
  /** Why the keychain did not take it; none when the operator wanted it so. */
  why: Problem | null;
  description: string;
  /** When it is removed from Entra, in milliseconds of the clock. */
  until: number;
}

export function secretOffered({ steps }: Pick<RunView, "steps">): OfferedSecret | null {
  for (const { number, state } of steps) {
    if (state.kind === "showsSecret") {
      return { number, why: state.why, description: state.description, until: Date.parse(state.until) };
    }
  }
  return null;
}
