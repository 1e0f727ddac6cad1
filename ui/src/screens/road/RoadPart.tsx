import { Button, makeStyles, Skeleton, SkeletonItem, Spinner, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useAskForRoad, type useRoad } from "../../app/queries";
import type { Limits, Problem, ProvisioningJob, Road } from "../../backend/types";
import { Card } from "../../components/Card";
import { CheckAgainIcon } from "../../components/icons";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords, Words } from "../../words/useWords";
import { JobRow } from "./JobRow";
import { NoJobs } from "./NoJobs";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  names: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
  rows: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
});

/**
 * The road behind the permission. It is read beside the page that it is part of: neither waits for the other.
 */
export function RoadPart({
  road,
  act,
  note,
}: {
  road: ReturnType<typeof useRoad>;
  /** What can be done with a job from the page. */
  act?: (job: ProvisioningJob) => ReactNode;
  /** Why nothing can. */
  note?: string;
}) {
  const t = useWords();
  return (
    <Section
      title={t("road.title")}
      actions={
        <Button
          size="small"
          appearance="subtle"
          icon={
            road.isFetching ? <Spinner size="extra-tiny" role="presentation" aria-hidden="true" /> : <CheckAgainIcon />
          }
          disabledFocusable={road.isFetching}
          onClick={() => road.refetch()}
        >
          {t("road.again")}
        </Button>
      }
    >
      {road.isError && <ProblemView problem={road.error} onRetry={() => road.refetch()} alert={false} />}
      {road.isPending && <RoadSkeleton />}
      {road.data && <RoadView road={road.data} act={act} note={note} />}
    </Section>
  );
}

function RoadView({ road, act, note }: { road: Road; act?: (job: ProvisioningJob) => ReactNode; note?: string }) {
  const styles = useStyles();
  const t = useWords();
  const { jobs, withoutJob, unreadable, limits } = road;
  return (
    <>
      {unreadable !== null && <Unreadable problem={unreadable} />}
      {jobs.length > 0 && (
        <>
          <Text>
            <Sentence text={road.sentence} />
          </Text>
          <Card flush>
            <ul className={styles.list} aria-label={t("road.jobs")}>
              {jobs.map((job) => (
                <JobRow key={`${job.appObjectId} ${job.id}`} job={job} action={act?.(job)} />
              ))}
            </ul>
          </Card>
        </>
      )}
      {jobs.length === 0 && withoutJob.length === 0 && unreadable === null && <NoJobs />}
      {withoutJob.length > 0 && (
        <Card>
          <Mark tone="warn">{t("road.withoutJob", { count: withoutJob.length })}</Mark>
          <ul className={styles.names}>
            {withoutJob.map((name, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two apps may share a name
              <li key={index}>
                <Name text={name} />
              </li>
            ))}
          </ul>
        </Card>
      )}
      {jobs.length > 0 && note !== undefined && <Mark tone="skipped">{note}</Mark>}
      {jobs.length > 0 && <LimitsLine limits={limits} />}
    </>
  );
}

/** What is missing is a scope or a role; for a scope the operator can be asked here. */
function Unreadable({ problem }: { problem: Problem }) {
  const t = useWords();
  const ask = useAskForRoad();
  return (
    <>
      <ProblemView problem={ask.error ?? problem} alert={ask.isError} />
      {problem.code === "notSignedIn" && (
        <div>
          <Button disabledFocusable={ask.isPending} onClick={() => ask.mutate()}>
            {t(ask.isPending ? "road.asking" : "road.ask")}
          </Button>
        </div>
      )}
    </>
  );
}

function LimitsLine({ limits }: { limits: Limits }) {
  const styles = useStyles();
  return (
    <span className={styles.small}>
      <Words
        id="road.limits"
        values={{
          licence: limits.licence,
          users: limits.usersPerCall,
          burst: limits.callsPer5Seconds,
          day: limits.callsPerDay,
        }}
      />
    </span>
  );
}

function RoadSkeleton() {
  const styles = useStyles();
  const t = useWords();
  return (
    <Skeleton aria-label={t("road.reading")}>
      <Card>
        <div className={styles.rows}>
          <SkeletonItem size={20} />
          <SkeletonItem size={40} />
          <SkeletonItem size={40} />
        </div>
      </Card>
    </Skeleton>
  );
}
