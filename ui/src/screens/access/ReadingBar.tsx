import { Button, makeStyles, ProgressBar, tokens } from "@fluentui/react-components";
import { useConnection } from "../../app/connection";
import { Name } from "../../components/Name";
import { useWords, Words } from "../../words/useWords";
import { useAuditHandle, useAuditState } from "./AuditProvider";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
  row: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
  },
  lines: { display: "flex", flexDirection: "column", minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** How far the reading is, and the way to stop it. */
export function ReadingBar() {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  const { store } = useAuditHandle();
  const { grantsRead, pages, count, waiting } = useAuditState();
  const tenant = <Name text={connection.tenantName} />;
  return (
    <div className={styles.box}>
      <div className={styles.row}>
        <span className={styles.lines} data-testid="progress">
          <span>
            {waiting !== null ? (
              <Words id="access.waiting" values={{ tenant, seconds: waiting }} />
            ) : pages === 0 ? (
              <Words id="access.progressFirst" values={{ tenant }} />
            ) : (
              t("access.progress", { grants: grantsRead, pages, count })
            )}
          </span>
          <span className={styles.small}>{t("access.sorts")}</span>
        </span>
        <Button onClick={() => store.stop()}>{t("access.stop")}</Button>
      </div>
      <ProgressBar aria-label={t("access.reading")} />
    </div>
  );
}
