import { Skeleton, SkeletonItem } from "@fluentui/react-components";
import { useParams } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import { useRuns } from "../../app/queries";
import type { RunView } from "../../backend/types";
import { Card } from "../../components/Card";
import { ConsentPanel } from "../../components/consent/ConsentPanel";
import { SaveEvidence } from "../../components/evidence/SaveEvidence";
import { Facts } from "../../components/Facts";
import { CopyId } from "../../components/Id";
import { BackButton, LinkButton } from "../../components/LinkButton";
import { Name, Sentence } from "../../components/Name";
import { Empty, Page, Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { CancelButton, CancelRun } from "../../components/run/CancelButton";
import { Debts } from "../../components/run/Debts";
import { Earlier } from "../../components/run/Earlier";
import { HandOverView } from "../../components/run/HandOverView";
import { MadeList } from "../../components/run/MadeList";
import { NewSecret } from "../../components/run/NewSecret";
import { RunSteps } from "../../components/run/RunSteps";
import { RunStateMark } from "../../components/run/runState";
import { secretOffered } from "../../components/run/stepState";
import { ScriptsButton } from "../../components/scripts/ScriptsDialog";
import { visible } from "../../components/text";
import { When } from "../../components/When";
import { useWords } from "../../words/useWords";
import { RunActs } from "./RunActs";
import { useCancelOurs } from "./useCancelOurs";

/** One run as the journal has it: steps, what it made, its problem, its hand-over. */
export function RunDetailPage() {
  const t = useWords();
  const id: string = useParams({ strict: false }).run ?? "";
  const runs = useRuns();
  const run = runs.data?.runs.find((candidate) => candidate.id === id);
  const back = <BackButton target={{ to: "/activity" }}>{t("activity.back")}</BackButton>;
  if (run !== undefined) {
    return <Detail key={run.id} run={run} ours={runs.data?.ours.includes(run.id) ?? false} />;
  }
  const title = t(runs.isSuccess ? "activity.gone" : "activity.title");
  return (
    <Page back={back} title={title} titleText={title}>
      {runs.isPending && (
        <Card>
          <Skeleton aria-label={t("word.loading")}>
            <SkeletonItem size={128} />
          </Skeleton>
        </Card>
      )}
      {runs.isError && <ProblemView problem={runs.error} onRetry={() => runs.refetch()} />}
      {runs.isSuccess && (
        <Card>
          <Empty
            title={t("activity.gone")}
            action={<LinkButton target={{ to: "/activity" }}>{t("activity.back")}</LinkButton>}
          >
            {t("activity.goneWhat")}
          </Empty>
        </Card>
      )}
    </Page>
  );
}

function Detail({ run, ours }: { run: RunView; ours: boolean }) {
  const t = useWords();
  const { job } = useJob();
  const mine = job.running && job.run?.id === run.id;
  const reloaded = !mine && ours && run.state === "running";
  const cancelling = useCancelOurs(run.id);
  const offered = mine && job.run !== null ? secretOffered(job.run) : reloaded ? secretOffered(run) : null;
  const problem = mine ? job.problem : cancelling.problem;
  return (
    <Page
      back={<BackButton target={{ to: "/activity" }}>{t("activity.back")}</BackButton>}
      title={<Sentence text={run.subject} />}
      titleText={visible(run.subject)}
      lead={<Sentence text={run.summary} />}
      actions={
        mine ? (
          <CancelButton />
        ) : reloaded ? (
          <CancelRun cancelling={cancelling.pending} onCancel={cancelling.cancel} />
        ) : (
          <>
            <SaveEvidence subject={{ kind: "run", id: run.id }} />
            <ScriptsButton of={{ kind: "run", id: run.id }} />
          </>
        )
      }
    >
      {problem !== null && <ProblemView problem={problem} />}
      {offered !== null && <NewSecret key={offered.number} runId={run.id} offered={offered} />}
      <Debts run={run} />
      <RunActs run={run} />
      <Card>
        <Facts
          facts={[
            { name: t("activity.state"), value: <RunStateMark state={run.state} /> },
            { name: t("detail.about"), value: run.doing !== "setUp" && t(`doing.${run.doing}`) },
            { name: t("detail.started"), value: <When at={run.started} /> },
            { name: t("detail.ended"), value: run.ended !== null && <When at={run.ended} /> },
            { name: t("detail.left"), value: run.left !== null && <When at={run.left} /> },
            { name: t("activity.operator"), value: <Name text={run.operator} /> },
            {
              name: t("activity.tenant"),
              value: (
                <>
                  <Name text={run.tenantName} /> <CopyId id={run.tenantId} what={t("word.tenantId")} />
                </>
              ),
            },
            { name: t("home.cloud"), value: run.cloud },
            { name: t("detail.runId"), value: <CopyId id={run.id} what={t("detail.runId")} /> },
          ]}
        />
      </Card>
      {run.consent !== null && <ConsentPanel run={run} consent={run.consent} />}
      <Section title={t("run.stepsTitle")}>
        <RunSteps steps={run.steps} />
      </Section>
      <Section title={t("run.made")}>
        <Card>
          <MadeList made={run.made} none={run.state === "interrupted" ? "run.madeUnknown" : undefined} />
        </Card>
      </Section>
      <Earlier attempts={run.earlier} />
      {run.handOver !== null && run.state !== "undone" && <HandOverView handOver={run.handOver} run={run} />}
    </Page>
  );
}
