import type { RunStep, StepState } from "../../backend/types";
import type { WordId } from "../../words/useWords";
import { useWords } from "../../words/useWords";
import { Mark, type Tone } from "../Mark";

const TONES: Record<StepState["kind"], Tone> = {
  alreadySo: "settled",
  waiting: "waiting",
  working: "busy",
  catchingUp: "busy",
  keychainAsks: "busy",
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
