import type { ReactNode } from "react";
import type { Problem, RunView } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { Card } from "../Card";
import { SaveEvidence } from "../evidence/SaveEvidence";
import { Section } from "../Page";
import { ProblemView } from "../ProblemView";
import { Debts } from "./Debts";
import { MadeList } from "./MadeList";

/** The problems of the steps that failed, each once. */
function problemsOf(run: RunView): Problem[] {
  return run.steps.flatMap(({ state }) => (state.kind === "failed" ? [state.problem] : []));
}

/** After a run that did not reach its end: what happened, what exists now, what one can do. */
export function RunOutcome({ run, actions }: { run: RunView; actions?: ReactNode }) {
  const t = useWords();
  const problems = problemsOf(run);
  return (
    <>
      {problems.length > 0 && (
        <Section title={t("run.happened")}>
          {problems.map((problem) => (
            <ProblemView
              key={`${problem.code} ${problem.message} ${problem.trace?.clientRequestId ?? ""}`}
              problem={problem}
            />
          ))}
        </Section>
      )}
      <Debts run={run} />
      {actions}
      <Section title={t("run.made")} actions={<SaveEvidence subject={{ kind: "run", id: run.id }} />}>
        <Card>
          <MadeList made={run.made} />
        </Card>
      </Section>
    </>
  );
}
