import { makeStyles, tokens } from "@fluentui/react-components";
import type { SurplusRow } from "../../backend/types";
import { Card } from "../../components/Card";
import { Code } from "../../components/Id";
import { Mark, type Tone } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { Section } from "../../components/Page";
import { When } from "../../components/When";
import { useWords, type WordId, Words } from "../../words/useWords";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  row: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) 160px",
    columnGap: tokens.spacingHorizontalXL,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

function risk(level: number | null): { tone: Tone; word: WordId } {
  switch (level) {
    case 5:
      return { tone: "bad", word: "surplus.risk5" };
    case 4:
      return { tone: "bad", word: "surplus.risk4" };
    case 3:
      return { tone: "warn", word: "surplus.risk3" };
    case 2:
      return { tone: "info", word: "surplus.risk2" };
    case 1:
      return { tone: "info", word: "surplus.risk1" };
    default:
      return { tone: "unknown", word: "surplus.riskNone" };
  }
}

/** Permissions beyond those needed, riskiest first. */
export function Surplus({ rows }: { rows: SurplusRow[] }) {
  const styles = useStyles();
  const t = useWords();
  if (rows.length === 0) {
    return (
      <Section title={t("surplus.title")}>
        <Card>
          <Mark tone="good">{t("surplus.none")}</Mark>
        </Card>
      </Section>
    );
  }
  return (
    <Section title={t("surplus.title")}>
      <Card flush>
        <ul className={styles.list} aria-label={t("surplus.title")}>
          {rows.map((row) => {
            const { tone, word } = risk(row.risk);
            return (
              <li key={row.grant.id} className={styles.row}>
                <span className={styles.lines}>
                  <Code>{row.value}</Code>
                  <span className={styles.small}>
                    <Sentence text={row.explanation} />
                    {row.grant.at !== null && (
                      <>
                        {" · "}
                        <Words id="surplus.granted" values={{ date: <When at={row.grant.at} day /> }} />
                      </>
                    )}
                  </span>
                </span>
                <Mark tone={tone}>{t(word)}</Mark>
              </li>
            );
          })}
        </ul>
      </Card>
    </Section>
  );
}
