import { makeStyles, tokens } from "@fluentui/react-components";
import type { Attempt } from "../../backend/types";
import { useWords, Words } from "../../words/useWords";
import { Card } from "../Card";
import { Name, Sentence } from "../Name";
import { Section } from "../Page";
import { When } from "../When";
import { RunSteps } from "./RunSteps";
import { RunStateMark } from "./runState";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column" },
  attempt: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
    paddingBlock: tokens.spacingVerticalM,
    ":first-child": { paddingTop: 0 },
    ":last-child": { paddingBottom: 0 },
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
  },
  head: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM, alignItems: "baseline" },
  about: { fontWeight: tokens.fontWeightSemibold },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  summary: { cursor: "pointer", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  steps: { marginTop: tokens.spacingVerticalS },
});

/** The attempts of a run before its last one: what each was about, when, by whom, how it ended. */
export function Earlier({ attempts }: { attempts: Attempt[] }) {
  const styles = useStyles();
  const t = useWords();
  if (attempts.length === 0) {
    return null;
  }
  const title = t("earlier.title", { count: attempts.length });
  return (
    <Section title={title}>
      <Card>
        <ol className={styles.list} aria-label={title}>
          {attempts.map((attempt, index) => (
            <li key={attempt.started} className={styles.attempt}>
              <div className={styles.head}>
                <span className={styles.about}>{t(`doing.${attempt.doing}`)}</span>
                <RunStateMark state={attempt.state} />
                <span className={styles.small}>
                  <When at={attempt.started} />{" "}
                  <Words id="earlier.by" values={{ operator: <Name text={attempt.operator} /> }} />
                </span>
              </div>
              <Sentence text={attempt.summary} />
              <details>
                <summary className={styles.summary}>{t("earlier.steps", { count: attempt.steps.length })}</summary>
                <div className={styles.steps}>
                  <RunSteps steps={attempt.steps} label={t("earlier.stepsOf", { number: index + 1 })} />
                </div>
              </details>
            </li>
          ))}
        </ol>
      </Card>
    </Section>
  );
}
