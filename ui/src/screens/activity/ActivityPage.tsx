import {
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  mergeClasses,
  Skeleton,
  SkeletonItem,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from "@fluentui/react-components";
import { Link } from "@tanstack/react-router";
import { useConnection } from "../../app/connection";
import { useRuns } from "../../app/queries";
import type { Problem, RunView } from "../../backend/types";
import { Card } from "../../components/Card";
import { awaitedCount } from "../../components/consent/consentState";
import { LinkButton } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Empty, Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { thingsIn } from "../../components/run/MadeList";
import { RunStateMark } from "../../components/run/runState";
import { SideScroll } from "../../components/SideScroll";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { OpenRequest } from "../consent/OpenRequest";
import { isHere, isUnfinished, stillThere } from "../unfinished/unfinished";

const COLUMNS = ["when", "subject", "state", "made", "operator"] as const;

const useStyles = makeStyles({
  table: { minWidth: "640px" },
  // Physical sides: Fluent's own cell sets those, and beside them logical ones would win or lose by chance.
  cell: {
    paddingTop: tokens.spacingVerticalMNudge,
    paddingBottom: tokens.spacingVerticalMNudge,
    paddingLeft: tokens.spacingHorizontalL,
    paddingRight: tokens.spacingHorizontalS,
    verticalAlign: "top",
    overflowWrap: "anywhere",
  },
  head: { paddingLeft: tokens.spacingHorizontalL, paddingRight: tokens.spacingHorizontalS },
  // Whom it was for is what one looks for, and the longest.
  when: { width: "18%" },
  subject: { width: "27%" },
  state: { width: "19%" },
  made: { width: "13%" },
  operator: { width: "23%" },
  link: {
    color: tokens.colorBrandForegroundLink,
    ":focus-visible": { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
  rows: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
  states: { display: "flex", flexDirection: "column" },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** What the run made, and how much of it was taken back. */
function Made({ run }: { run: RunView }) {
  const t = useWords();
  const count = thingsIn(run.made);
  const removed = count - thingsIn(stillThere(run));
  if (removed === 0) {
    return t("activity.madeCount", { count });
  }
  return t(removed === count ? "activity.madeGone" : "activity.madeSome", { count, removed });
}

/** Where a run stands that one may be asked about. */
function Pending({ run }: { run: RunView }) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  if (!isUnfinished(run)) {
    return null;
  }
  if (run.left !== null) {
    return <span className={styles.small}>{t("activity.left")}</span>;
  }
  return isHere(run, connection) ? null : (
    <span className={styles.small}>
      <Words id="activity.signIn" values={{ tenant: <Name text={run.tenantName} /> }} />
    </span>
  );
}

/** The runs made from this computer, newest first. */
export function ActivityPage() {
  const t = useWords();
  const runs = useRuns();
  return (
    <Page
      title={t("activity.title")}
      titleText={t("activity.title")}
      lead={t("activity.lead")}
      actions={<OpenRequest />}
    >
      {runs.isError && <ProblemView problem={runs.error} onRetry={() => runs.refetch()} />}
      {runs.isPending && <RunsSkeleton />}
      {runs.data && runs.data.unreadable.length > 0 && <Unreadable problems={runs.data.unreadable} />}
      {runs.data?.runs.length === 0 && (
        <Card>
          <Empty
            title={t(runs.data.unreadable.length === 0 ? "activity.none" : "activity.noneReadable")}
            action={
              <LinkButton appearance="primary" target={{ to: "/setup" }}>
                {t("activity.setup")}
              </LinkButton>
            }
          >
            {t("activity.noneWhat")}
          </Empty>
        </Card>
      )}
      {runs.data && runs.data.runs.length > 0 && <RunsTable runs={runs.data.runs} />}
    </Page>
  );
}

/** Runs that cannot be listed: what they changed is not known here. */
function Unreadable({ problems }: { problems: Problem[] }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <section className={styles.rows} aria-label={t("activity.unreadable")}>
      {problems.map((problem) => (
        <MessageBar key={problem.message} intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("activity.unreadable")}</MessageBarTitle>{" "}
            <Sentence text={[problem.message, problem.exists, problem.advice].filter(Boolean).join(" ")} />
          </MessageBarBody>
        </MessageBar>
      ))}
    </section>
  );
}

function RunsTable({ runs }: { runs: RunView[] }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <Card flush>
      <SideScroll label={t("activity.table")}>
        <Table className={styles.table} aria-label={t("activity.table")}>
          <TableHeader>
            <TableRow>
              {COLUMNS.map((column) => (
                <TableHeaderCell key={column} className={mergeClasses(styles.head, styles[column])}>
                  {t(`activity.${column}`)}
                </TableHeaderCell>
              ))}
            </TableRow>
          </TableHeader>
          <TableBody>
            {runs.map((run) => (
              <TableRow key={run.id}>
                <TableCell className={styles.cell}>
                  <When at={run.started} />
                </TableCell>
                <TableCell className={styles.cell}>
                  <Link to="/activity/$run" params={{ run: run.id }} className={styles.link}>
                    <Sentence text={run.subject} />
                  </Link>
                </TableCell>
                <TableCell className={styles.cell}>
                  <span className={styles.states}>
                    <RunStateMark state={run.state} />
                    <Pending run={run} />
                    {awaitedCount(run) > 0 && <Mark tone="waiting">{t("consent.waits")}</Mark>}
                  </span>
                </TableCell>
                <TableCell className={styles.cell}>
                  <Made run={run} />
                </TableCell>
                <TableCell className={styles.cell}>
                  <Name text={run.operator} />
                </TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </SideScroll>
    </Card>
  );
}

function RunsSkeleton() {
  const styles = useStyles();
  const t = useWords();
  return (
    <Card>
      <Skeleton aria-label={t("word.loading")}>
        <div className={styles.rows}>
          <SkeletonItem size={24} />
          <SkeletonItem size={40} />
          <SkeletonItem size={40} />
          <SkeletonItem size={40} />
        </div>
      </Skeleton>
    </Card>
  );
}
