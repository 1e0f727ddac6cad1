import { makeStyles, mergeClasses, tokens, typographyStyles } from "@fluentui/react-components";
import type { VerdictKind, Verification } from "../../backend/types";
import { type Tone, ToneIcon } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { When } from "../../components/When";
import { Words } from "../../words/useWords";

const TONES: Record<VerdictKind, Tone> = {
  ready: "good",
  readyBut: "warn",
  notYet: "info",
  notReady: "bad",
  cantTell: "unknown",
};

const useStyles = makeStyles({
  box: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr) max-content",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "start",
    backgroundColor: tokens.colorNeutralBackground1,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    borderInlineStartWidth: tokens.strokeWidthThickest,
    borderRadius: tokens.borderRadiusLarge,
    padding: tokens.spacingHorizontalL,
    "@media (max-width: 640px)": { gridTemplateColumns: "max-content minmax(0, 1fr)" },
  },
  good: { borderInlineStartColor: tokens.colorStatusSuccessBorder2 },
  warn: { borderInlineStartColor: tokens.colorStatusWarningBorder2 },
  bad: { borderInlineStartColor: tokens.colorStatusDangerBorder2 },
  quiet: { borderInlineStartColor: tokens.colorNeutralStrokeAccessible },
  icon: { paddingTop: tokens.spacingVerticalXXS },
  known: { color: tokens.colorNeutralForeground2, fontWeight: tokens.fontWeightSemibold },
  sentence: { ...typographyStyles.subtitle2 },
  advice: { margin: 0, marginTop: tokens.spacingVerticalXS, color: tokens.colorNeutralForeground2 },
  time: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    paddingTop: tokens.spacingVerticalXS,
    "@media (max-width: 640px)": { gridColumn: 2 },
  },
});

/** The sum of it, in one sentence. `old` when it could not be read again: then it is no more than what was known. */
export function VerdictView({ seen, old }: { seen: Verification; old: boolean }) {
  const styles = useStyles();
  const tone = old ? "unknown" : TONES[seen.verdict.kind];
  const time = { time: <When at={seen.checkedAt} /> };
  const edge = tone === "good" || tone === "warn" || tone === "bad" ? styles[tone] : styles.quiet;
  return (
    <section className={mergeClasses(styles.box, edge)} data-testid="verdict" data-verdict={seen.verdict.kind}>
      <span className={styles.icon}>
        <ToneIcon tone={tone} />
      </span>
      <div>
        {old && (
          <div className={styles.known}>
            <Words id="verify.lastKnown" values={time} />
          </div>
        )}
        <span className={styles.sentence}>
          <Sentence text={seen.verdict.sentence} />
        </span>
        {seen.verdict.advice !== null && (
          <p className={styles.advice}>
            <Sentence text={seen.verdict.advice} />
          </p>
        )}
      </div>
      {!old && (
        <span className={styles.time}>
          <Words id="verify.checked" values={time} />
        </span>
      )}
    </section>
  );
}
