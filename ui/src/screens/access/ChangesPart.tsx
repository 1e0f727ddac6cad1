import { makeStyles, tokens } from "@fluentui/react-components";
import type { Changes } from "../../backend/types";
import { ChangesView } from "../../components/changes/ChangesView";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  // Opened, it takes a line of its own.
  part: { minWidth: 0, "[open]": { flexBasis: "100%" } },
  summary: { cursor: "pointer", fontWeight: tokens.fontWeightSemibold },
  lines: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
    marginTop: tokens.spacingVerticalXS,
  },
});

/** Who has come and gone since the same permissions were last looked for; which ones only on demand, for the list's sake. */
export function ChangesPart({ changes }: { changes: Changes | null }) {
  const styles = useStyles();
  const t = useWords();
  const count = changes === null ? 0 : changes.lines.length + changes.more;
  const view = <ChangesView changes={changes} first={t("access.changesFirst")} />;
  return count === 0 ? (
    view
  ) : (
    <details className={styles.part}>
      <summary className={styles.summary}>{t("access.changes", { count })}</summary>
      <div className={styles.lines}>{view}</div>
    </details>
  );
}
