import { makeStyles, tokens } from "@fluentui/react-components";
import type { Finding, FindingWeight, Verification } from "../../backend/types";
import { Card } from "../../components/Card";
import { FixButton } from "../../components/fix/FixButton";
import { useFixing } from "../../components/fix/fixing";
import { RenewSecret } from "../../components/fix/RenewSecret";
import { Mark, type Tone } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";

const WEIGHTS: Record<FindingWeight, Tone> = { blocks: "bad", warns: "warn", notes: "info" };

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  row: {
    display: "grid",
    gridTemplateColumns: "112px minmax(0, 1fr) max-content",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    alignItems: "start",
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 720px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** What to do, most urgent first; each from here where it can be mended from here. */
export function Findings({ seen }: { seen: Verification }) {
  const styles = useStyles();
  const t = useWords();
  const fixing = useFixing();
  if (seen.findings.length === 0) {
    return null;
  }
  return (
    <Section title={t("todo.title")}>
      <Card flush>
        <ul className={styles.list} aria-label={t("todo.title")}>
          {seen.findings.map((finding, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the findings of one verification never move
            <li key={index} className={styles.row} data-testid="finding" data-weight={finding.weight}>
              <Mark tone={WEIGHTS[finding.weight]}>{t(`weight.${finding.weight}`)}</Mark>
              <span className={styles.lines}>
                <Sentence text={finding.sentence} />
                {finding.advice !== null && (
                  <span className={styles.small}>
                    <Sentence text={finding.advice} />
                  </span>
                )}
              </span>
              <Mend finding={finding} seen={seen} fixing={fixing} />
            </li>
          ))}
        </ul>
      </Card>
      {fixing.problem !== null && <ProblemView problem={fixing.problem} />}
    </Section>
  );
}

function Mend({
  finding: { fix, fixLabel, weight },
  seen,
  fixing,
}: {
  finding: Finding;
  seen: Verification;
  fixing: ReturnType<typeof useFixing>;
}) {
  const t = useWords();
  if (fix === null) {
    return null;
  }
  const label = fixLabel ?? t("todo.fix");
  // When it ends and what becomes of the old one is for the operator to say.
  if (fix.kind === "rotateSecret") {
    const old = seen.credentials.find(({ keyId }) => keyId === fix.replaces) ?? null;
    return (
      <RenewSecret
        clientId={fix.clientId}
        old={old}
        start={{ expires: fix.expires, removeOld: fix.removeOld }}
        label={label}
      />
    );
  }
  return (
    <FixButton fixing={fixing} make={() => fix} appearance={weight === "blocks" ? "primary" : undefined}>
      {label}
    </FixButton>
  );
}
