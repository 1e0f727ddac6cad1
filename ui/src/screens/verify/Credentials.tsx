import { makeStyles, ProgressBar, Text, tokens } from "@fluentui/react-components";
import type { CredentialRow, PrincipalCard } from "../../backend/types";
import { Card } from "../../components/Card";
import { CopyId } from "../../components/Id";
import { Mark, type Tone } from "../../components/Mark";
import { Name } from "../../components/Name";
import { Section } from "../../components/Page";
import { LastDay } from "../../components/When";
import { useWords, Words } from "../../words/useWords";

/** From so many days on a credential's end is near enough to plan for. */
const SOON = 30;
/** The bar is full at so many days; a secret lives at most about two years, and what matters is the last quarter. */
const FULL = 180;

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  row: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 2fr) minmax(0, 1.2fr) minmax(0, 1.2fr)",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Secrets and certificates, and the days that each has left. */
export function Credentials({ rows, principal }: { rows: CredentialRow[]; principal: PrincipalCard }) {
  const styles = useStyles();
  const t = useWords();
  const azure = principal.kind === "systemAssigned" || principal.kind === "userAssigned";
  if (rows.length === 0) {
    return (
      <Section title={t("cred.title")}>
        <Card>{azure ? <Text>{t("cred.identity")}</Text> : <Mark tone="warn">{t("cred.none")}</Mark>}</Card>
      </Section>
    );
  }
  return (
    <Section title={t("cred.title")}>
      <Card flush>
        <ul className={styles.list} aria-label={t("cred.title")}>
          {rows.map((row) => (
            <li key={row.keyId} className={styles.row}>
              <span className={styles.lines}>
                <span>
                  {t(`cred.${row.kind}`)}{" "}
                  {row.description === "" ? t("cred.unnamed") : <Name text={row.description} strong />}
                </span>
                <span className={styles.small}>
                  {t("cred.keyId")} <CopyId id={row.keyId} what={t("cred.keyId")} />
                </span>
              </span>
              <Left row={row} />
              <Place row={row} />
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}

function Left({ row }: { row: CredentialRow }) {
  const styles = useStyles();
  const t = useWords();
  const days = row.daysLeft;
  if (days === null) {
    return <Mark tone="unknown">{t("cred.noEnd")}</Mark>;
  }
  const tone: Tone = days < 0 ? "bad" : days <= SOON ? "warn" : "good";
  const words = days < 0 ? t("cred.ended", { days: -days }) : t("cred.left", { days });
  return (
    <span className={styles.lines}>
      <Mark tone={tone}>{words}</Mark>
      {days >= 0 && (
        <ProgressBar
          value={Math.min(days, FULL)}
          max={FULL}
          color={days <= SOON ? "warning" : "brand"}
          aria-label={words}
        />
      )}
      {row.expires !== null && (
        <span className={styles.small}>
          <Words id={days < 0 ? "cred.endedOn" : "cred.ends"} values={{ date: <LastDay at={row.expires} /> }} />
        </span>
      )}
    </span>
  );
}

function Place({ row }: { row: CredentialRow }) {
  const t = useWords();
  if (row.kind === "certificate") {
    return <span />;
  }
  if (row.inKeychain === null) {
    return <Mark tone="unknown">{t("cred.hereUnknown")}</Mark>;
  }
  return row.inKeychain ? <Mark tone="good">{t("cred.here")}</Mark> : <Mark tone="skipped">{t("cred.notHere")}</Mark>;
}
