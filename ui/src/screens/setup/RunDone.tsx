import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useJob } from "../../app/job";
import type { OpenedConsent, RunView } from "../../backend/types";
import { ConsentPanel } from "../../components/consent/ConsentPanel";
import { awaitedCount } from "../../components/consent/consentState";
import { LinkButton, verification } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Page, Section } from "../../components/Page";
import { Debts } from "../../components/run/Debts";
import { HandOverView } from "../../components/run/HandOverView";
import { RunSteps } from "../../components/run/RunSteps";
import { visible } from "../../components/text";
import { useWords, Words } from "../../words/useWords";
import { UndoButton } from "../unfinished/RunWays";
import { AnotherButton } from "./Onward";
import { useRequests } from "./useRequests";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** After a run that ended well: what is true now, what is awaited from another, and what the API developer needs. */
export function RunDone({ run }: { run: RunView }) {
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
