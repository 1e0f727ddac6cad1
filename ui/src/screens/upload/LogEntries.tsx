import { makeStyles, tokens, typographyStyles } from "@fluentui/react-components";
import type { LogEntry, LogOutcome } from "../../backend/types";
import { Code } from "../../components/Id";
import { Mark, type Tone } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { When } from "../../components/When";
import { useWords } from "../../words/useWords";

const OUTCOMES: Record<LogOutcome, Tone> = { success: "good", failure: "bad", skipped: "skipped", warning: "warn" };

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  title: { ...typographyStyles.body1Strong, margin: 0, marginBottom: tokens.spacingVerticalXS },
  row: {
    display: "grid",
    gridTemplateColumns: "minmax(96px, max-content) minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** The entries of the provisioning log, oldest first, as they have arrived. */
export function LogEntries({ entries, waiting }: { entries: LogEntry[]; waiting: boolean }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <div>
      <h3 className={styles.title}>{t("upload.entries")}</h3>
      {entries.length === 0 ? (
        <Mark tone={waiting ? "waiting" : "skipped"}>{t("upload.noEntries")}</Mark>
      ) : (
        <ul className={styles.list} aria-label={t("upload.entries")}>
          {entries.map((entry) => (
            <li key={entry.id} className={styles.row} data-testid="log-entry" data-outcome={entry.outcome}>
              <Mark tone={OUTCOMES[entry.outcome]}>{t(`outcome.${entry.outcome}`)}</Mark>
              <span className={styles.lines}>
                <span>
                  {entry.action} · <Name text={entry.user} />
                </span>
                {entry.reason !== null && <Sentence text={entry.reason} />}
                {entry.code !== null && (
                  <span className={styles.small}>
                    {t("upload.code")}: <Code>{entry.code}</Code>
                  </span>
                )}
                {entry.recommended !== null && (
                  <span className={styles.small}>
                    {t("upload.recommended")}: <Sentence text={entry.recommended} />
                  </span>
                )}
                <span className={styles.small}>
                  <When at={entry.at} />
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
