import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Skeleton,
  SkeletonItem,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { useConnection } from "../../app/connection";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { SaveEvidence } from "../../components/evidence/SaveEvidence";
import { CheckAgainIcon } from "../../components/icons";
import { LinkButton } from "../../components/LinkButton";
import { Name, Sentence } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { useAuditHandle, useAuditState } from "./AuditProvider";
import { ChangesPart } from "./ChangesPart";
import { Holders } from "./Holders";
import { LookedFor } from "./LookedFor";
import { ReadingBar } from "./ReadingBar";

const useStyles = makeStyles({
  rows: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
  // In as few lines as they fit: the list is what one came for.
  facts: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    fontSize: tokens.fontSizeBase200,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Who in the tenant holds certain permissions, every one of them. */
export function AccessPage() {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  const { store, begin } = useAuditHandle();
  const { phase, wanted, count, grantsRead, summary, problem, outdated } = useAuditState();
  useOutcomeAnnounced();

  // Reading harms nothing and can be stopped, so who comes here for the first time sees it begin.
  useEffect(() => {
    const now = store.current();
    if (now.phase === "idle" || (now.outdated && now.phase !== "reading")) {
      begin(now.wanted);
    }
  }, [store, begin]);

  const reading = phase === "reading" || phase === "idle";
  const again = () => begin(wanted);
  const tenant = <Name text={connection.tenantName} />;
  return (
    <Page
      dense
      title={t("access.title")}
      titleText={t("access.title")}
      lead={
        summary === null ? (
          <Words id={wanted.length === 0 ? "access.lead" : "access.leadOther"} values={{ tenant }} />
        ) : (
          <Sentence text={summary.sentence} />
        )
      }
      actions={
        <>
          <Button
            icon={reading ? <Spinner size="extra-tiny" role="presentation" aria-hidden="true" /> : <CheckAgainIcon />}
            onClick={again}
            disabledFocusable={reading}
          >
            {t(reading ? "access.reading" : "access.read")}
          </Button>
          <LinkButton target={{ to: "/access/credentials" }}>{t("access.credentials")}</LinkButton>
        </>
      }
    >
      <div className={styles.facts}>
        <LookedFor />
        {summary !== null && (
          <>
            <SaveEvidence size="small" subject={{ kind: "audit", id: summary.id }} />
            <span className={styles.quiet}>
              <Words id="access.checked" values={{ time: <When at={summary.checkedAt} /> }} />
            </span>
            <ChangesPart changes={summary.changes} />
          </>
        )}
      </div>
      {reading && <ReadingBar />}
      {problem !== null && <ProblemView problem={problem} onRetry={phase === "failed" ? again : undefined} />}
      {phase === "stopped" && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("access.stopped")}</MessageBarTitle>
            {t("access.stoppedWhat", { grants: grantsRead })}
          </MessageBarBody>
        </MessageBar>
      )}
      {outdated && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("access.outdated")}</MessageBarTitle>
            {t("access.outdatedWhat")}
          </MessageBarBody>
          <MessageBarActions>
            <Button onClick={again}>{t("access.read")}</Button>
          </MessageBarActions>
        </MessageBar>
      )}
      {reading && count === 0 && <RowsSkeleton />}
      {(count > 0 || phase === "done" || phase === "stopped") && <Holders />}
    </Page>
  );
}

/** Says once what came of the reading. */
function useOutcomeAnnounced(): void {
  const t = useWords();
  const announce = useAnnounce();
  const { phase, summary } = useAuditState();
  const before = useRef(phase);
  useEffect(() => {
    if (before.current === "reading" && phase === "done" && summary !== null) {
      announce(summary.sentence);
    }
    if (before.current === "reading" && phase === "stopped") {
      announce(t("access.stopped"));
    }
    before.current = phase;
  }, [phase, summary, announce, t]);
}

function RowsSkeleton() {
  const styles = useStyles();
  const t = useWords();
  return (
    <Card>
      <Skeleton aria-label={t("word.loading")}>
        <div className={styles.rows}>
          {["a", "b", "c", "d", "e"].map((row) => (
            <SkeletonItem key={row} size={48} />
          ))}
        </div>
      </Skeleton>
    </Card>
  );
}
