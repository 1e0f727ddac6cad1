import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useJob } from "../../app/job";
import type { Job } from "../../app/jobState";
import type { OpenedConsent, RunView } from "../../backend/types";
import { Card } from "../../components/Card";
import { ConsentPanel } from "../../components/consent/ConsentPanel";
import { awaitedCount } from "../../components/consent/consentState";
import { SaveEvidence } from "../../components/evidence/SaveEvidence";
import { LinkButton, verification } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Page, Section } from "../../components/Page";
import { Debts } from "../../components/run/Debts";
import { HandOverView } from "../../components/run/HandOverView";
import { MadeList } from "../../components/run/MadeList";
import { RunSteps } from "../../components/run/RunSteps";
import { visible } from "../../components/text";
import { useWords, Words } from "../../words/useWords";
import { UndoButton } from "../unfinished/RunWays";
import { AnotherButton } from "./Onward";
import { AgainButton } from "./OriginLink";
import { useRequests } from "./useRequests";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** After a run that ended well. */
export function RunDone({ run }: { run: RunView }) {
  const { job } = useJob();
  return job.from === null ? <SetUpDone run={run} /> : <FixDone run={run} job={job} />;
}

/** What was mended: what is true now, and the way back to look at it. */
function FixDone({ run, job }: { run: RunView; job: Job }) {
  const styles = useStyles();
  const t = useWords();
  const requests = useRequests();
  const title = fixDone(t, job);
  return (
    <Page
      title={title}
      titleText={title}
      lead={
        <Mark tone="good">
          <Sentence text={run.summary} />
        </Mark>
      }
    >
      <div className={styles.actions}>
        <AgainButton primary />
        <SaveEvidence subject={{ kind: "run", id: run.id }} />
        <UndoButton run={run} />
      </div>
      <Debts run={run} />
      {run.handOver !== null && <HandOverView handOver={run.handOver} run={run} />}
      <Section title={t("run.stepsTitle")}>
        <RunSteps steps={run.steps} requests={requests} />
      </Section>
      {run.made.length > 0 && (
        <Section title={t("run.made")}>
          <Card>
            <MadeList made={run.made} />
          </Card>
        </Section>
      )}
    </Page>
  );
}

function fixDone(t: ReturnType<typeof useWords>, { fix }: Job): string {
  switch (fix?.kind) {
    case "revoke":
      return t("fix.doneRevoke", { count: fix.grants.length });
    case "rotateSecret":
      return t("fix.doneRotate");
    case "removeSecret":
      return t("fix.doneRemove");
    default:
      return t("fix.done");
  }
}

/** What is true now, what is awaited from another, and what the API developer needs. */
function SetUpDone({ run }: { run: RunView }) {
  const styles = useStyles();
  const t = useWords();
  const requests = useRequests();
  const { job } = useJob();
  const { handOver } = run;
  const principal = principalOf(run, job.consent);
  const name = principal?.name ?? run.subject;
  const waits = awaitedCount(run) > 0;
  const granted = job.consent !== null || run.finishes !== null;
  const title = granted ? "done.grantedTitle" : waits ? "done.waitsTitle" : "done.title";
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
        {principal !== null && (
          <LinkButton target={{ to: "/verify/$principal/handover", params: { principal: principal.id } }}>
            {t("handover.open")}
          </LinkButton>
        )}
        <SaveEvidence subject={{ kind: "run", id: run.id }} />
        <AnotherButton />
        <UndoButton run={run} />
      </div>
      <Debts run={run} />
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
