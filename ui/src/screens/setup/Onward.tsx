import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import type { PlanView, RunView, SetupRequest } from "../../backend/types";
import { LinkButton } from "../../components/LinkButton";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";
import { RunWays } from "../unfinished/RunWays";
import { OriginWords } from "./OriginLink";
import { ShowInstead } from "./ShowInstead";
import { askedAgain, requestForTheRest, usePlanning } from "./usePlanning";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** What one can do after a run that did not reach its end. */
export function Onward({ plan, run }: { plan: PlanView; run: RunView | null }) {
  const styles = useStyles();
  const canGoOn = run !== null && (run.ways.canContinue || run.ways.canUndo);
  return (
    <div className={styles.box}>
      {canGoOn ? (
        <RunWays run={run}>
          <ShowInstead run={run} />
          <BackToAsked />
          <AnotherButton />
        </RunWays>
      ) : (
        <PlannedAgain plan={plan} run={run} />
      )}
    </div>
  );
}

/** Where nothing was begun, or the run cannot be continued: the same is planned once more. */
function PlannedAgain({ plan, run }: { plan: PlanView; run: RunView | null }) {
  const styles = useStyles();
  const t = useWords();
  const { job } = useJob();
  const planning = usePlanning();
  const { request, consent, fix, from } = job;
  const asked =
    askedAgain(plan) ??
    (consent !== null
      ? { consent }
      : fix !== null && from !== null
        ? { fix, from }
        : request !== null
          ? { request: requestForTheRest(request, run), clientId: job.clientId }
          : null);
  return (
    <>
      <div className={styles.actions}>
        {asked !== null && (
          <Button appearance="primary" onClick={() => planning.mutate(asked)} disabledFocusable={planning.isPending}>
            {t("run.left")}
          </Button>
        )}
        {plan.runId !== null && (
          <LinkButton target={{ to: "/activity/$run", params: { run: plan.runId } }}>{t("plan.backToRun")}</LinkButton>
        )}
        <BackToAsked />
        <AnotherButton />
      </div>
      {planning.isError && <ProblemView problem={planning.error} />}
    </>
  );
}

/** Back to the form, the request or the page that the plan was made for; none for a run of before. */
function BackToAsked() {
  const t = useWords();
  const { job } = useJob();
  if (job.from !== null) {
    return (
      <LinkButton target={job.from.target}>
        <OriginWords from={job.from} word="again" />
      </LinkButton>
    );
  }
  if (job.consent !== null) {
    return <LinkButton target={{ to: "/consent" }}>{t("plan.backToRequest")}</LinkButton>;
  }
  return job.request === null ? null : <LinkButton target={{ to: formOf(job.request) }}>{t("run.change")}</LinkButton>;
}

/** The form that a request came from. */
export function formOf(request: SetupRequest | null): "/setup/app" | "/setup/identity" {
  return request?.kind === "managedIdentity" ? "/setup/identity" : "/setup/app";
}

/** Begins another set-up, with empty forms; none after a fix, which was no set-up. */
export function AnotherButton() {
  const t = useWords();
  const navigate = useNavigate();
  const { job, clear } = useJob();
  return job.from !== null ? null : (
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
