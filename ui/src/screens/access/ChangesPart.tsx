import { makeStyles, tokens } from "@fluentui/react-components";
import type { Changes } from "../../backend/types";
import { Card } from "../../components/Card";
import { ChangesView } from "../../components/changes/ChangesView";
import { useWords } from "../../words/useWords";

/** More lines than these would push the list out of sight. */
const FEW = 5;

const useStyles = makeStyles({
  summary: { cursor: "pointer", fontWeight: tokens.fontWeightSemibold },
  lines: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
    marginTop: tokens.spacingVerticalM,
  },
});

/** Who has come and gone since the same permissions were last looked for; many changes only when they are asked for. */
export function ChangesPart({ changes }: { changes: Changes | null }) {
  const styles = useStyles();
  const t = useWords();
  const count = changes === null ? 0 : changes.lines.length + changes.more;
  const view = <ChangesView changes={changes} first={t("access.changesFirst")} />;
  return count === 0 ? (
    <div>{view}</div>
  ) : (
    <Card>
      <details open={count <= FEW}>
        <summary className={styles.summary}>{t("access.changes", { count })}</summary>
        <div className={styles.lines}>{view}</div>
      </details>
    </Card>
  );
}
