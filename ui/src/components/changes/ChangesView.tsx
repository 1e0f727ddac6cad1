import { makeStyles, tokens } from "@fluentui/react-components";
import type { ChangeKind, Changes } from "../../backend/types";
import { useWords, type WordId, Words } from "../../words/useWords";
import { ChangedIcon, WillAddIcon, WillRemoveIcon } from "../icons";
import { Mark } from "../Mark";
import { Name, Sentence } from "../Name";
import { When } from "../When";

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
  },
  line: { display: "flex", columnGap: tokens.spacingHorizontalSNudge, alignItems: "flex-start" },
  icon: { display: "inline-flex", flexShrink: 0, color: tokens.colorNeutralForeground3 },
  kind: { fontWeight: tokens.fontWeightSemibold },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

const KINDS: Record<ChangeKind, { word: WordId; icon: typeof ChangedIcon }> = {
  added: { word: "changes.added", icon: WillAddIcon },
  removed: { word: "changes.removed", icon: WillRemoveIcon },
  changed: { word: "changes.changed", icon: ChangedIcon },
};

/** What is different from the last look; `first` says it where there was none. */
export function ChangesView({ changes, first }: { changes: Changes | null; first: string }) {
  const styles = useStyles();
  const t = useWords();
  if (changes === null) {
    return <Mark tone="skipped">{first}</Mark>;
  }
  const since = { time: <When at={changes.since} />, operator: <Name text={changes.operator} /> };
  if (changes.lines.length === 0 && changes.more === 0) {
    return (
      <Mark tone="settled">
        <Words id="changes.none" values={since} />
      </Mark>
    );
  }
  return (
    <>
      <span className={styles.small}>
        <Words id="changes.since" values={since} />
      </span>
      <ul className={styles.list} aria-label={t("changes.title")}>
        {changes.lines.map(({ kind, sentence }, index) => {
          const { word, icon: Icon } = KINDS[kind];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one comparison never move
            <li key={index} className={styles.line} data-testid="change" data-kind={kind}>
              <span className={styles.icon} aria-hidden="true">
                <Icon />
              </span>
              <span>
                <span className={styles.kind}>{t(word)}:</span> <Sentence text={sentence} />
              </span>
            </li>
          );
        })}
      </ul>
      {changes.more > 0 && <span className={styles.small}>{t("changes.more", { count: changes.more })}</span>}
    </>
  );
}
