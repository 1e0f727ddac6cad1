import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import { Name } from "../../components/Name";
import { ProblemView } from "../../components/ProblemView";
import { useWords, Words } from "../../words/useWords";
import { usePlanning } from "../setup/usePlanning";
import { useAuditHandle, useAuditState } from "./AuditProvider";
import { grantsOf, hiddenCount } from "./selection";

/** One run takes away no more. */
const MOST_REVOKED = 500;

const useStyles = makeStyles({
  bar: {
    position: "sticky",
    bottom: 0,
    zIndex: 2,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
    backgroundColor: tokens.colorNeutralBackground2,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    paddingBlock: tokens.spacingVerticalM,
  },
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What can be done with the rows that are chosen; none while none is. */
export function SelectionBar({ rows }: { rows: number[] }) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  const { job } = useJob();
  const { table } = useAuditState();
  const { look, change } = useAuditHandle();
  const planning = usePlanning();
  const count = look.selection.size;
  if (count === 0) {
    return null;
  }
  const hidden = hiddenCount(look.selection, rows);
  const tooMany = count > MOST_REVOKED;
  const revoke = () =>
    planning.mutate({
      fix: { kind: "revoke", grants: grantsOf(table, look.selection) },
      from: { target: { to: "/access" }, back: "access.back", again: "access.again", name: connection.tenantName },
    });
  return (
    <div className={styles.bar}>
      <div className={styles.row}>
        <Text weight="semibold">{t("access.selected", { count })}</Text>
        {hidden > 0 && <Text className={styles.quiet}>{t("access.hidden", { count: hidden })}</Text>}
        <Button
          appearance="primary"
          onClick={revoke}
          disabledFocusable={tooMany || planning.isPending || job.running}
          title={job.running ? t("ways.busy") : undefined}
        >
          {t("access.revoke", { count })}
        </Button>
        <Button onClick={() => change({ selection: new Set() })}>{t("access.unselect")}</Button>
        {planning.isPending && (
          <Spinner
            size="tiny"
            label={<Words id="access.planning" values={{ tenant: <Name text={connection.tenantName} /> }} />}
          />
        )}
      </div>
      {tooMany && <Text className={styles.quiet}>{t("access.revokeMost", { most: MOST_REVOKED })}</Text>}
      {planning.isError && <ProblemView problem={planning.error} onRetry={revoke} />}
    </div>
  );
}
