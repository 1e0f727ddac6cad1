import { makeStyles, ProgressBar, tokens } from "@fluentui/react-components";
import type { CredentialRow } from "../../backend/types";
import { useWords, Words } from "../../words/useWords";
import { Mark } from "../Mark";
import { LastDay } from "../When";
import { daysTone } from "./daysTone";

/** The bar is full at so many days; a secret lives at most about two years, and what matters is the last quarter. */
const FULL = 180;

const useStyles = makeStyles({
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** How long a credential still lasts: in words, as a bar, and its last day. */
export function DaysLeft({ row }: { row: Pick<CredentialRow, "daysLeft" | "expires"> }) {
  const styles = useStyles();
  const t = useWords();
  const days = row.daysLeft;
  if (days === null) {
    return <Mark tone="unknown">{t("cred.noEnd")}</Mark>;
  }
  const tone = daysTone(days);
  const words = days < 0 ? t("cred.ended", { days: -days }) : t("cred.left", { days });
  return (
    <span className={styles.lines}>
      <Mark tone={tone}>{words}</Mark>
      {days >= 0 && (
        <ProgressBar
          value={Math.min(days, FULL)}
          max={FULL}
          color={tone === "good" ? "brand" : "warning"}
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
