import { makeStyles, ProgressBar, Text, tokens } from "@fluentui/react-components";
import { Navigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useJob } from "../../app/job";
import type { PlanView, RunStep, RunView } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { ConsentPanel } from "../../components/consent/ConsentPanel";
import { ShortId } from "../../components/Id";
import { Name, Sentence } from "../../components/Name";
import { Page, Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { CancelButton } from "../../components/run/CancelButton";
import { NewSecret } from "../../components/run/NewSecret";
import { RunOutcome } from "../../components/run/RunOutcome";
import { RunSteps } from "../../components/run/RunSteps";
import { behind, secretOffered, stateWords } from "../../components/run/stepState";
import { useWords, type WordId, Words } from "../../words/useWords";
import { Onward } from "./Onward";
import { countOf, onlyRemoves } from "./planCount";
import { RunDone } from "./RunDone";
import { RunUndone } from "./RunUndone";
import { Subject } from "./Subject";
import { useRequests } from "./useRequests";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  progress: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
});

/** A run: live while it goes on, then its hand-over, or what stands after it stopped. */
export function RunPage() {
  const { job, seen } = useJob();
  useEffect(() => {
    if (job.unseen) {
      seen();
    }
  }, [job.unseen, seen]);
  if (job.plan === null) {
    return <Navigate to="/setup" />;
  }
  if (job.running) {
    return <Live key="live" plan={job.plan} run={job.run} />;
  }
  if (job.run !== null && job.run.state !== "running") {
    switch (job.run.state) {
      case "done":
        return <RunDone key="done" run={job.run} />;
      case "undone":
        return <RunUndone key="undone" run={job.run} plan={job.plan} />;
      default:
        return <Stopped key="stopped" run={job.run} plan={job.plan} />;
    }
  }
  if (job.problem !== null) {
    return <NotStarted plan={job.plan} />;
  }
  return <Navigate to="/setup/plan" />;
}

function RunLead({ plan }: { plan: Pick<PlanView, "tenantName" | "tenantId" | "subject"> }): ReactNode {
  return (
    <Words
      id="run.in"
      values={{
        tenant: <Name text={plan.tenantName} strong />,
        id: <ShortId id={plan.tenantId} />,
        subject: <Subject plan={plan} />,
      }}
    />
  );
}

/** The plan's steps, before the first event has arrived. */
function waitingSteps(plan: PlanView): RunStep[] {
  return plan.steps.map(({ number, kind, title, term, effect }) => ({
    number,
    kind,
    title,
    term,
    state: { kind: effect === "alreadySo" ? "alreadySo" : "waiting" },
  }));
}

function Live({ plan, run }: { plan: PlanView; run: RunView | null }) {
  const styles = useStyles();
  const t = useWords();
  const { job } = useJob();
  const steps = run?.steps ?? waitingSteps(plan);
  const requests = useRequests();
  const done = behind(steps);
  const offered = run === null ? null : secretOffered(run);
  const title = liveTitle(t, plan);
  useStepAnnouncements(steps);
  return (
    <Page title={title} titleText={title} lead={<RunLead plan={plan} />}>
      <div className={styles.progress}>
        <ProgressBar value={done} max={steps.length} thickness="large" aria-label={title} />
        <Text>
          {t("run.progress", { done, count: steps.length })}. {t("run.lead")}
        </Text>
      </div>
      {run !== null && offered !== null && (
        <NewSecret key={offered.number} runId={run.id} offered={offered} until={job.secretUntil} />
      )}
      <RunSteps steps={steps} requests={requests} ids={false} />
      {job.problem !== null && <ProblemView problem={job.problem} />}
      <div className={styles.actions}>
        <CancelButton />
      </div>
    </Page>
  );
}

function liveTitle(t: (id: WordId, values?: Record<string, number>) => string, plan: PlanView): string {
  const { changes, asks } = countOf(plan);
  if (changes > 0) {
    const word = plan.doing !== "undo" ? "run.title" : onlyRemoves(plan) ? "run.titleUndo" : "fix.undoing";
    return t(word, { count: changes });
  }
  return t(asks > 0 ? "run.titleAsk" : "run.titleFinish");
}

/**
 * Says each step's turn once: seconds that pass within a wait are not news, and a secret that waits is told of by
 * whoever holds the run.
 */
function useStepAnnouncements(steps: RunStep[]): void {
  const t = useWords();
  const announce = useAnnounce();
  const said = useRef(new Map<number, string>());
  useEffect(() => {
    for (const step of steps) {
      const before = said.current.get(step.number);
      said.current.set(step.number, step.state.kind);
      if (before !== undefined && before !== step.state.kind && step.state.kind !== "showsSecret") {
        announce(t("state.announce", { number: step.number, title: step.title, state: stateWords(t, step.state) }));
      }
    }
  }, [steps, announce, t]);
}

/** How it ended, by what it was about. */
function stoppedTitle({ state, doing }: RunView, plan: PlanView): WordId {
  switch (state) {
    case "cancelled":
      return doing === "undo" ? "run.undoCancelled" : "run.cancelled";
    case "interrupted":
      return "run.interrupted";
    default:
      return doing === "undo" ? notUndone(plan) : "run.failed";
  }
}

function notUndone(plan: PlanView): WordId {
  return onlyRemoves(plan) ? "run.undoFailed" : "fix.undoFailed";
}

function Stopped({ run, plan }: { run: RunView; plan: PlanView }) {
  const t = useWords();
  const requests = useRequests();
  const title = t(stoppedTitle(run, plan));
  return (
    <Page title={title} titleText={title} lead={<Sentence text={run.summary} />}>
      <RunOutcome run={run} actions={<Onward plan={plan} run={run} />} />
      {run.consent !== null && <ConsentPanel run={run} consent={run.consent} />}
      <Section title={t("run.stepsTitle")}>
        <RunSteps steps={run.steps} requests={requests} problems={false} />
      </Section>
    </Page>
  );
}

/** Rust refused the plan before the run began, or its answer was lost. */
function NotStarted({ plan }: { plan: PlanView }) {
  const t = useWords();
  const { job } = useJob();
  const title = t(plan.doing === "undo" ? notUndone(plan) : "run.failed");
  return (
    <Page title={title} titleText={title} lead={<RunLead plan={plan} />}>
      {job.problem !== null && <ProblemView problem={job.problem} />}
      <Onward plan={plan} run={job.run} />
    </Page>
  );
}
