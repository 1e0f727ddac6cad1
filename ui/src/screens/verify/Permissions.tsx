import {
  makeStyles,
  mergeClasses,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from "@fluentui/react-components";
import type { InToken, PermissionRow, PermissionState } from "../../backend/types";
import { Card } from "../../components/Card";
import { Code } from "../../components/Id";
import { Mark, type Tone } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { Section } from "../../components/Page";
import { SideScroll } from "../../components/SideScroll";
import { When } from "../../components/When";
import { useWords, type WordId } from "../../words/useWords";

const STATES: Record<PermissionState, Tone> = {
  granted: "good",
  grantedNotRequested: "good",
  wrong: "bad",
  grantedMayBeStale: "info",
  requestedNotGranted: "bad",
  missing: "bad",
  notOffered: "unknown",
};

const TOKENS: Record<InToken, { tone: Tone; word: WordId }> = {
  yes: { tone: "good", word: "perm.yes" },
  no: { tone: "bad", word: "perm.no" },
  notChecked: { tone: "skipped", word: "perm.notChecked" },
};

const useStyles = makeStyles({
  table: { minWidth: "560px" },
  // Physical sides: Fluent's own cell sets those, and beside them logical ones would win or lose by chance.
  cell: {
    paddingTop: tokens.spacingVerticalM,
    paddingBottom: tokens.spacingVerticalM,
    paddingLeft: tokens.spacingHorizontalL,
    paddingRight: tokens.spacingHorizontalS,
    verticalAlign: "top",
  },
  head: { paddingLeft: tokens.spacingHorizontalL, paddingRight: tokens.spacingHorizontalS },
  wide: { width: "40%" },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
  title: { fontWeight: tokens.fontWeightSemibold },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** The permissions that matter: requested, granted, in a token. A managed identity requests nothing. */
export function Permissions({ rows }: { rows: PermissionRow[] }) {
  const styles = useStyles();
  const t = useWords();
  const requests = rows.some((row) => row.requested !== null);
  return (
    <Section title={t("perm.title")}>
      <Card flush>
        <SideScroll label={t("perm.title")}>
          <Table className={styles.table} aria-label={t("perm.title")}>
            <TableHeader>
              <TableRow>
                <TableHeaderCell className={mergeClasses(styles.head, styles.wide)}>
                  {t("perm.permission")}
                </TableHeaderCell>
                {requests && <TableHeaderCell className={styles.head}>{t("perm.requested")}</TableHeaderCell>}
                <TableHeaderCell className={styles.head}>{t("perm.granted")}</TableHeaderCell>
                <TableHeaderCell className={styles.head}>{t("perm.token")}</TableHeaderCell>
              </TableRow>
            </TableHeader>
            <TableBody>
              {rows.map((row) => (
                <TableRow key={row.value} data-testid="permission" data-state={row.state}>
                  <TableCell className={styles.cell}>
                    <div className={styles.lines}>
                      <span className={styles.title}>{row.title}</span>
                      <Code>{row.value}</Code>
                      {row.note !== null && (
                        <span className={styles.small}>
                          <Sentence text={row.note} />
                        </span>
                      )}
                    </div>
                  </TableCell>
                  {requests && (
                    <TableCell className={styles.cell}>
                      {row.requested === null ? (
                        t("word.unknown")
                      ) : (
                        <Mark tone={row.requested ? "good" : "skipped"}>
                          {t(row.requested ? "perm.isRequested" : "perm.notRequested")}
                        </Mark>
                      )}
                    </TableCell>
                  )}
                  <TableCell className={styles.cell}>
                    <div className={styles.lines}>
                      <Mark tone={STATES[row.state]}>{t(`pstate.${row.state}`)}</Mark>
                      {row.granted?.at && (
                        <span className={styles.small}>
                          <When at={row.granted.at} />
                        </span>
                      )}
                    </div>
                  </TableCell>
                  <TableCell className={styles.cell}>
                    <Mark tone={TOKENS[row.inToken].tone}>{t(TOKENS[row.inToken].word)}</Mark>
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </SideScroll>
      </Card>
    </Section>
  );
}
