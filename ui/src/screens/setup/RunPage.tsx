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
import { RunOutcome } from "../../components/run/RunOutcome";
import { RunSteps } from "../../components/run/RunSteps";
import { behind, stateWords } from "../../components/run/stepState";
import { useWords, type WordId, Words } from "../../words/useWords";
import { Onward } from "./Onward";
import { countOf } from "./planCount";
import { RunDone } from "./RunDone";
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
    return job.run.state === "done" ? <RunDone key="done" run={job.run} /> : <Stopped key="stopped" run={job.run} />;
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
  const { changes } = countOf(plan);
  const title = changes === 0 ? t("run.titleAsk") : t("run.title", { count: changes });
  useStepAnnouncements(steps);
  return (
    <Page title={title} titleText={title} lead={<RunLead plan={plan} />}>
      <div className={styles.progress}>
        <ProgressBar value={done} max={steps.length} thickness="large" aria-label={title} />
        <Text>
          {t("run.progress", { done, count: steps.length })}. {t("run.lead")}
        </Text>
      </div>
      <RunSteps steps={steps} requests={requests} ids={false} />
      {job.problem !== null && <ProblemView problem={job.problem} />}
      <div className={styles.actions}>
        <CancelButton />
      </div>
    </Page>
  );
}

/** Says each step's turn once: seconds that pass within a wait are not news. */
function useStepAnnouncements(steps: RunStep[]): void {
  const t = useWords();
  const announce = useAnnounce();
  const said = useRef(new Map<number, string>());
  useEffect(() => {
    for (const step of steps) {
      const before = said.current.get(step.number);
      said.current.set(step.number, step.state.kind);
      if (before !== undefined && before !== step.state.kind) {
        announce(t("state.announce", { number: step.number, title: step.title, state: stateWords(t, step.state) }));
      }
    }
  }, [steps, announce, t]);
}

const STOPPED: Record<"failed" | "cancelled" | "interrupted", WordId> = {
  failed: "run.failed",
  cancelled: "run.cancelled",
  interrupted: "run.interrupted",
};

function Stopped({ run }: { run: RunView }) {
  const t = useWords();
  const requests = useRequests();
  const title = t(STOPPED[run.state === "cancelled" || run.state === "interrupted" ? run.state : "failed"]);
  return (
    <Page title={title} titleText={title} lead={<Sentence text={run.summary} />}>
      <RunOutcome run={run} actions={<Onward run={run} />} />
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
  const title = t("run.failed");
  return (
    <Page title={title} titleText={title} lead={<RunLead plan={plan} />}>
      {job.problem !== null && <ProblemView problem={job.problem} />}
      <Onward run={job.run} />
    </Page>
  );
}
