import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
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
import { HolderGrid } from "./HolderGrid";
import { NO_FILTER } from "./rows";
import { SelectionBar } from "./SelectionBar";
import { useShown } from "./useShown";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM, minWidth: 0 },
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

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
        {count > 1 && <Controls />}
        {count > 1 && (
          <Text className={styles.small}>
            {shown.rows.length === count
              ? t("access.shown", { shown: count })
              : t("access.shownOf", { shown: shown.rows.length, count })}
          </Text>
        )}
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
          <Card flush>
            <HolderGrid shown={shown} />
          </Card>
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
