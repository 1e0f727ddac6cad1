import type { RunState } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { Mark, type Tone } from "../Mark";

export const RUN_TONES: Record<RunState, Tone> = {
  running: "busy",
  done: "good",
  failed: "bad",
  cancelled: "skipped",
  interrupted: "warn",
  undone: "settled",
};

export function RunStateMark({ state }: { state: RunState }) {
  const t = useWords();
  return <Mark tone={RUN_TONES[state]}>{t(`runstate.${state}`)}</Mark>;
}
