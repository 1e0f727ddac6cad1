import { Button, makeStyles, ProgressBar, Text, tokens } from "@fluentui/react-components";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useJob } from "../../app/job";
import type { OpenedConsent, PlanView, RequestPreview, RunStep, RunView } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { ConsentPanel } from "../../components/consent/ConsentPanel";
import { awaitedCount } from "../../components/consent/consentState";
import { ShortId } from "../../components/Id";
import { LinkButton, verification } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Page, Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { CancelButton } from "../../components/run/CancelButton";
import { HandOverView } from "../../components/run/HandOverView";
import { RunOutcome } from "../../components/run/RunOutcome";
import { RunSteps } from "../../components/run/RunSteps";
import { behind, stateWords } from "../../components/run/stepState";
import { visible } from "../../components/text";
import { useWords, type WordId, Words } from "../../words/useWords";
import { countOf } from "./planCount";
import { Subject } from "./Subject";
import { requestForTheRest, usePlanning } from "./usePlanning";

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
    return job.run.state === "done" ? <Done key="done" run={job.run} /> : <Stopped key="stopped" run={job.run} />;
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

function useRequests(): Map<number, RequestPreview[]> {
  const { job } = useJob();
  return new Map(job.plan?.steps.map((step) => [step.number, step.requests]));
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

function Done({ run }: { run: RunView }) {
  const styles = useStyles();
  const t = useWords();
  const requests = useRequests();
  const { job } = useJob();
  const { handOver } = run;
  const principal = principalOf(run, job.consent);
  const name = principal?.name ?? run.subject;
  const waits = awaitedCount(run) > 0;
  const title = job.consent !== null ? "done.grantedTitle" : waits ? "done.waitsTitle" : "done.title";
  return (
    <Page
      title={<Words id={title} values={{ name: <Name text={name} /> }} />}
      titleText={t(title, { name: visible(name) })}
      lead={
        <Mark tone={waits ? "waiting" : "good"}>
          <Sentence text={run.summary} />
        </Mark>
      }
    >
      {job.consent !== null && (
        <Text>
          <Words id="done.granted" values={{ by: <Name text={job.consent.request.askedBy} /> }} />
        </Text>
      )}
      <div className={styles.actions}>
        {principal !== null && (
          <LinkButton
            appearance={waits ? undefined : "primary"}
            target={verification(principal.id, principal.permissions)}
          >
            <Words id="done.verify" values={{ name: <Name text={name} /> }} />
          </LinkButton>
        )}
        <AnotherButton />
      </div>
      {run.consent !== null && <ConsentPanel run={run} consent={run.consent} />}
      {handOver !== null && <HandOverView handOver={handOver} run={run} />}
      <Section title={t("run.stepsTitle")}>
        <RunSteps steps={run.steps} requests={requests} />
      </Section>
    </Page>
  );
}

/** Who was set up, and with what it should be checked. */
function principalOf(
  { handOver, consent }: RunView,
  finished: OpenedConsent | null,
): { name: string; id: string; permissions: string[] } | null {
  const asked = consent?.request.permissions.map(({ value }) => value) ?? [];
  if (handOver !== null) {
    const { name, objectId, clientId } = handOver.principal;
    return { name, id: objectId ?? clientId, permissions: [...new Set([...handOver.permissions, ...asked])] };
  }
  if (finished !== null) {
    const { principal, permissions } = finished.request;
    return { name: principal.name, id: principal.objectId, permissions: permissions.map(({ value }) => value) };
  }
  return null;
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

/** What one can do after a run that did not reach its end. */
function Onward({ run }: { run: RunView | null }) {
  const styles = useStyles();
  const t = useWords();
  const { job } = useJob();
  const planning = usePlanning();
  const { request, consent } = job;
  return (
    <>
      <div className={styles.actions}>
        {consent !== null && (
          <>
            <Button
              appearance="primary"
              onClick={() => planning.mutate({ consent })}
              disabledFocusable={planning.isPending}
            >
              {t("run.left")}
            </Button>
            <LinkButton target={{ to: "/consent" }}>{t("plan.backToRequest")}</LinkButton>
          </>
        )}
        {request !== null && (
          <>
            <Button
              appearance="primary"
              onClick={() => planning.mutate({ request: requestForTheRest(request, run), clientId: job.clientId })}
              disabledFocusable={planning.isPending}
            >
              {t("run.left")}
            </Button>
            <LinkButton target={{ to: request.kind === "appRegistration" ? "/setup/app" : "/setup/identity" }}>
              {t("run.change")}
            </LinkButton>
          </>
        )}
        <AnotherButton />
      </div>
      {planning.isError && <ProblemView problem={planning.error} />}
    </>
  );
}

function AnotherButton() {
  const t = useWords();
  const navigate = useNavigate();
  const { clear } = useJob();
  return (
    <Button
      onClick={() => {
        clear(false);
        navigate({ to: "/setup" });
      }}
    >
      {t("run.another")}
    </Button>
  );
}
