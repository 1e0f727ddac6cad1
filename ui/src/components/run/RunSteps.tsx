import { makeStyles, tokens } from "@fluentui/react-components";
import type { RequestPreview, RunStep, StepState } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { Card } from "../Card";
import { CopyId } from "../Id";
import { Sentence } from "../Name";
import { ProblemView } from "../ProblemView";
import { StepList, StepRow } from "./StepRow";
import { StateMark } from "./stepState";

const useStyles = makeStyles({
  note: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
});

/** The steps of a run, live or ended. `requests` by step number, where the plan is still at hand. */
export function RunSteps({
  steps,
  requests,
  problems = true,
  ids = true,
  label,
}: {
  steps: RunStep[];
  requests?: Map<number, RequestPreview[]>;
  /** False where the page shows the failed step's problem itself. */
  problems?: boolean;
  /** False while the run goes on: ids that come one by one would move the list under the eye. */
  ids?: boolean;
  /** Where a page shows the steps of several attempts. */
  label?: string;
}) {
  const t = useWords();
  return (
    <Card flush>
      <StepList label={label ?? t("run.steps")}>
        {steps.map((step) => (
          <StepRow
            key={step.number}
            number={step.number}
            title={step.title}
            term={step.term}
            state={<StateMark state={step.state} />}
            settled={step.state.kind === "alreadySo" || step.state.kind === "notDone"}
            requests={requests?.get(step.number)}
            note={<Note state={step.state} ids={ids} />}
          >
            {problems && step.state.kind === "failed" && <ProblemView problem={step.state.problem} alert={false} />}
          </StepRow>
        ))}
      </StepList>
    </Card>
  );
}

function Note({ state, ids }: { state: StepState; ids: boolean }) {
  const styles = useStyles();
  const t = useWords();
  if (state.kind === "notDone") {
    return <Sentence text={state.reason} />;
  }
  if (state.kind !== "done") {
    return null;
  }
  return (
    <span className={styles.note}>
      {state.note !== null && <Sentence text={state.note} />}
      {ids && state.requestId !== null && (
        <span>
          {t("detail.requestId")} <CopyId id={state.requestId} what={t("detail.requestId")} />
        </span>
      )}
    </span>
  );
}
