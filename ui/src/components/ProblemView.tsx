import { Button, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useSignInAgain } from "../app/connection";
import type { Problem } from "../backend/types";
import { useWords, type WordId } from "../words/useWords";
import { CopyButton } from "./CopyButton";
import { Code } from "./Id";
import { ToneIcon } from "./Mark";
import { Sentence } from "./Name";
import { useFocusAfterwards } from "./useFocusAfterwards";
import { When } from "./When";

const useStyles = makeStyles({
  box: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalM,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorStatusDangerBorder1}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground1,
    padding: tokens.spacingHorizontalL,
  },
  happened: {
    display: "flex",
    columnGap: tokens.spacingHorizontalS,
    fontWeight: tokens.fontWeightSemibold,
    margin: 0,
    lineHeight: tokens.lineHeightBase300,
  },
  part: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 160px) minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    margin: 0,
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  label: { color: tokens.colorNeutralForeground2 },
  words: { margin: 0 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  summary: { cursor: "pointer" },
  details: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
    marginBlock: tokens.spacingVerticalS,
  },
});

/** The small print, one line each: what the words are and what they say. */
function smallPrint(problem: Problem): { word: WordId; value: string }[] {
  const trace = problem.trace;
  const lines: { word: WordId; value: string | null | undefined }[] = [
    { word: "problem.code", value: problem.code },
    { word: "problem.status", value: trace?.status?.toString() },
    { word: "problem.serviceCode", value: trace?.serviceCode },
    { word: "problem.serviceMessage", value: trace?.serviceMessage },
    { word: "problem.requestId", value: trace?.requestId },
    { word: "problem.clientRequestId", value: trace?.clientRequestId },
    { word: "problem.date", value: trace?.date },
  ];
  return lines.filter((line): line is { word: WordId; value: string } => typeof line.value === "string");
}

interface ProblemViewProps {
  problem: Problem;
  /** Offered as "Try again". */
  onRetry?: () => void;
  /** More to do about it, beside "Try again". */
  actions?: ReactNode;
  /** What exists now, in more than the problem's own sentence. */
  exists?: ReactNode;
  /** False where the problem is part of a page that was opened to see it. */
  alert?: boolean;
}

/** What happened, what exists now, what one can do, and the small print. */
export function ProblemView({ problem, onRetry, actions, exists, alert = true }: ProblemViewProps) {
  const styles = useStyles();
  const t = useWords();
  const signInAgain = useSignInAgain();
  const lines = smallPrint(problem);
  const asText = [
    problem.message,
    problem.exists,
    problem.advice,
    ...lines.map((line) => `${t(line.word)}: ${line.value}`),
  ]
    .filter((line) => line !== null)
    .join("\n");
  const parts: { label: string; words: ReactNode }[] = [];
  if (problem.exists !== null || exists !== undefined) {
    parts.push({
      label: t("problem.exists"),
      words: (
        <>
          {problem.exists !== null && <Sentence text={problem.exists} />}
          {exists}
        </>
      ),
    });
  }
  if (problem.advice !== null) {
    parts.push({ label: t("problem.advice"), words: <Sentence text={problem.advice} /> });
  }
  const needsSignIn = problem.code === "notSignedIn";
  const box = useFocusAfterwards<HTMLDivElement>();

  return (
    <div
      ref={box}
      className={styles.box}
      role={alert ? "alert" : undefined}
      data-testid="problem"
      data-code={problem.code}
    >
      <p className={styles.happened}>
        <ToneIcon tone="bad" />
        <Sentence text={problem.message} />
      </p>
      {problem.fields.length > 0 && (
        <ul className={styles.words}>
          {problem.fields.map((field) => (
            <li key={field.field}>
              <Sentence text={field.message} />
            </li>
          ))}
        </ul>
      )}
      {parts.map((part) => (
        <dl key={part.label} className={styles.part}>
          <dt className={styles.label}>{part.label}</dt>
          <dd className={styles.words}>{part.words}</dd>
        </dl>
      ))}
      {(onRetry || actions || needsSignIn) && (
        <div className={styles.actions}>
          {needsSignIn && (
            <Button appearance="primary" onClick={signInAgain}>
              {t("problem.signInAgain")}
            </Button>
          )}
          {onRetry && !needsSignIn && <Button onClick={onRetry}>{t("problem.tryAgain")}</Button>}
          {actions}
        </div>
      )}
      <details className={styles.small}>
        <summary className={styles.summary}>{t("problem.details")}</summary>
        <div className={styles.details}>
          {lines.map((line) => (
            <div key={line.word}>
              {t(line.word)}:{" "}
              {line.word === "problem.date" ? (
                <When at={line.value} />
              ) : line.word === "problem.serviceMessage" ? (
                <Sentence text={line.value} />
              ) : (
                <Code>{line.value}</Code>
              )}
            </div>
          ))}
          <div>
            <CopyButton text={asText} what={t("problem.details")} label={t("problem.copyDetails")} />
          </div>
        </div>
      </details>
    </div>
  );
}
