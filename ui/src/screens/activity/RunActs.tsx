import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useConnection } from "../../app/connection";
import type { RunView } from "../../backend/types";
import { Card } from "../../components/Card";
import { LinkButton } from "../../components/LinkButton";
import { Name } from "../../components/Name";
import { Section } from "../../components/Page";
import { useWords, Words } from "../../words/useWords";
import { RunWays, UndoButton } from "../unfinished/RunWays";
import { isHere, isUnfinished } from "../unfinished/unfinished";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** What can be done with a run of the journal: much with one that did not come to its end, little with any other. */
export function RunActs({ run }: { run: RunView }) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  const here = isHere(run, connection);
  if (!isUnfinished(run)) {
    return here && run.ways.canUndo ? (
      <div className={styles.actions}>
        <UndoButton run={run} />
      </div>
    ) : null;
  }
  const { canContinue, canUndo } = run.ways;
  // An undoing that failed and has nothing left to take back is not old.
  const old = !canContinue && !canUndo && run.doing !== "undo";
  return (
    <Section title={t("ways.title")}>
      <Card>
        {!here ? (
          <Text>
            <Words id="ways.otherTenant" values={{ tenant: <Name text={run.tenantName} strong /> }} />
          </Text>
        ) : (
          <>
            {old && <Text>{t("ways.old")}</Text>}
            <RunWays run={run}>
              {old && <LinkButton target={{ to: "/setup" }}>{t("ways.planAgain")}</LinkButton>}
            </RunWays>
          </>
        )}
      </Card>
    </Section>
  );
}
