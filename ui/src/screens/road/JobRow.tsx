import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useConnection } from "../../app/connection";
import type { ProvisioningJob } from "../../backend/types";
import { CopyButton } from "../../components/CopyButton";
import { Facts } from "../../components/Facts";
import { CopyId } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { OpenLink } from "../../components/OpenLink";
import { visible } from "../../components/text";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { DIRECTIONS, HEALTH_TONES } from "./health";

const useStyles = makeStyles({
  row: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) minmax(128px, max-content)",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  wide: { gridColumn: "1 / -1", minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  summary: { cursor: "pointer", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  details: { marginTop: tokens.spacingVerticalS },
});

/** One provisioning job: whether it takes users now, why not, and the address to send them to. */
export function JobRow({ job, action }: { job: ProvisioningJob; action?: ReactNode }) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  return (
    <li className={styles.row} data-testid="job" data-health={job.health}>
      <span className={styles.lines}>
        <Name text={job.appName} strong />
        <span className={styles.small}>
          {t(DIRECTIONS[job.direction])}
          {job.schedule !== null && ` · ${job.schedule}`}
        </span>
      </span>
      <Mark tone={HEALTH_TONES[job.health]}>{t(`health.${job.health}`)}</Mark>
      <span className={mergeClasses(styles.lines, styles.wide)}>
        <Sentence text={job.sentence} />
        {job.advice !== null && (
          <span className={styles.small}>
            <Sentence text={job.advice} />
          </span>
        )}
        {job.notifies === false && job.health !== "quarantined" && <Mark tone="warn">{t("road.notifiesMissing")}</Mark>}
      </span>
      <span className={mergeClasses(styles.actions, styles.wide)}>
        <CopyButton
          text={job.uploadAddress}
          what={t("road.addressOf", { app: visible(job.appName) })}
          label={t("road.copyAddress")}
        />
        {action}
        {/* The practice tenant has no admin center to open. */}
        {!connection.practice && <OpenLink url={job.portalUrl}>{t("road.open")}</OpenLink>}
      </span>
      <details className={styles.wide}>
        <summary className={styles.summary}>{t("road.more")}</summary>
        <div className={styles.details}>
          <JobFacts job={job} />
        </div>
      </details>
    </li>
  );
}

function JobFacts({ job }: { job: ProvisioningJob }) {
  const t = useWords();
  return (
    <Facts
      facts={[
        { name: t("road.lastRun"), value: <LastRunFact job={job} /> },
        { name: t("road.schedule"), value: job.schedule },
        { name: t("road.quarantine"), value: job.quarantine !== null && <QuarantineFact job={job} /> },
        {
          name: t("road.notifies"),
          value:
            job.notifies === null ? (
              t("word.unknown")
            ) : (
              <Mark tone={job.notifies ? "good" : "warn"}>
                {t(job.notifies ? "road.notifiesYes" : "road.notifiesNo")}
              </Mark>
            ),
        },
        { name: t("road.address"), value: <CopyId whole id={job.uploadAddress} what={t("road.address")} /> },
        { name: t("road.jobId"), value: <CopyId whole id={job.id} what={t("road.jobId")} /> },
        { name: t("road.appObjectId"), value: <CopyId id={job.appObjectId} what={t("road.appObjectId")} /> },
        { name: t("road.appClientId"), value: <CopyId id={job.appClientId} what={t("road.appClientId")} /> },
      ]}
    />
  );
}

function LastRunFact({ job: { lastRun } }: { job: ProvisioningJob }) {
  const t = useWords();
  const at = lastRun?.ended ?? lastRun?.begun ?? null;
  if (lastRun === null) {
    return t("road.neverRun");
  }
  return (
    <>
      {at === null ? (
        lastRun.outcome
      ) : (
        <Words id="road.lastRunWords" values={{ time: <When at={at} />, outcome: lastRun.outcome }} />
      )}
      {lastRun.error !== null && (
        <>
          {": "}
          <Sentence text={lastRun.error} />
        </>
      )}
    </>
  );
}

function QuarantineFact({ job: { quarantine } }: { job: ProvisioningJob }) {
  if (quarantine === null) {
    return null;
  }
  const { reason, code, since, nextTry } = quarantine;
  return (
    <>
      <Sentence text={reason} />
      {code !== null && ` (${code})`}
      {since !== null && (
        <>
          {" · "}
          <Words id="road.since" values={{ time: <When at={since} /> }} />
        </>
      )}
      {nextTry !== null && (
        <>
          {" · "}
          <Words id="road.nextTry" values={{ time: <When at={nextTry} /> }} />
        </>
      )}
    </>
  );
}
