import type { RunState } from "../../backend/types";
import { Mark, type Tone } from "../../components/Mark";
import { useWords } from "../../words/useWords";

const TONES: Record<RunState, Tone> = {
  running: "busy",
  done: "good",
  failed: "bad",
  cancelled: "skipped",
  interrupted: "warn",
};

export function RunStateMark({ state }: { state: RunState }) {
  const t = useWords();
  return <Mark tone={TONES[state]}>{t(`runstate.${state}`)}</Mark>;
}
