import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useSyncExternalStore } from "react";
import { useConnection } from "../../app/connection";
import { Card } from "../../components/Card";
import { LinkButton } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Empty } from "../../components/Page";
import { useWords, Words } from "../../words/useWords";
import { useAuditHandle, useAuditState } from "./AuditProvider";
import { Controls } from "./Controls";
import { HEAD, LINE } from "./gridStyles";
import { HolderGrid } from "./HolderGrid";
import { NO_FILTER } from "./rows";
import { SelectionBar } from "./SelectionBar";
import { useShown } from "./useShown";

/** The room for the bar by which the list is moved sideways, and for its frame, in pixels. */
const SCROLL_BAR = 18;

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", flexGrow: 1, rowGap: tokens.spacingVerticalS, minWidth: 0 },
  // The list takes what height is left, and a few lines at least; shorter, it ends where its lines end.
  place: { display: "flex", flexDirection: "column", flexGrow: 1, flexShrink: 0, minHeight: 0, minWidth: 0 },
  list: { flexShrink: 1, minHeight: 0 },
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
});

/** So many lines are in sight however little height is left, if there are as many. */
const LEAST_LINES = 5;

function leastHeight(lines: number): number {
  return HEAD + Math.min(lines, LEAST_LINES) * LINE + SCROLL_BAR;
}

/** The list of who holds what, with what narrows it and what can be done with it. */
export function Holders() {
  const styles = useStyles();
  const t = useWords();
  const { count, phase } = useAuditState();
  const { change } = useAuditHandle();
  const shown = useShown();
  if (count === 0) {
    return (
      <Card>
        <Nobody stopped={phase === "stopped"} />
      </Card>
    );
  }
  return (
    <>
      <div className={styles.box}>
        {count > 1 && <Controls shown={shown.rows.length} />}
        {shown.rows.length === 0 ? (
          <Card>
            <Empty
              title={t("access.noMatch", { count })}
              action={<Button onClick={() => change({ filter: NO_FILTER })}>{t("access.clear")}</Button>}
            >
              {t("access.noMatchWhat")}
            </Empty>
          </Card>
        ) : (
          <div className={styles.place} style={{ flexBasis: leastHeight(shown.lines.count) }}>
            <Card flush className={styles.list}>
              <HolderGrid shown={shown} />
            </Card>
          </div>
        )}
        <DetailsFailed />
      </div>
      <SelectionBar rows={shown.rows} />
    </>
  );
}

function Nobody({ stopped }: { stopped: boolean }) {
  const t = useWords();
  const { connection } = useConnection();
  return stopped ? (
    <Empty title={t("access.noneRead")}>{t("access.noneReadWhat")}</Empty>
  ) : (
    <Empty
      title={<Words id="access.none" values={{ tenant: <Name text={connection.tenantName} /> }} />}
      action={<LinkButton target={{ to: "/setup" }}>{t("access.setup")}</LinkButton>}
    >
      {t("access.noneWhat")}
    </Empty>
  );
}

/** The list stands without what could not be read besides; it says so once. */
function DetailsFailed() {
  const styles = useStyles();
  const t = useWords();
  const { details } = useAuditHandle();
  const problem = useSyncExternalStore(details.subscribe, () => details.problem);
  return problem === null ? null : (
    <div className={styles.row} data-testid="details-failed">
      <Mark tone="warn">
        {t("access.detailsFailed")} <Sentence text={[problem.message, problem.advice].filter(Boolean).join(" ")} />
      </Mark>
      <Button size="small" onClick={() => details.forgetFailed()}>
        {t("problem.tryAgain")}
      </Button>
    </div>
  );
}
