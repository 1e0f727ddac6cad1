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
import type { PermissionRow, Verification } from "../../backend/types";
import { Card } from "../../components/Card";
import { FixButton } from "../../components/fix/FixButton";
import { type Fixing, useFixing } from "../../components/fix/fixing";
import { Code, CopyId } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { SideScroll } from "../../components/SideScroll";
import { When } from "../../components/When";
import { useWords } from "../../words/useWords";
import { STATE_TONES, tokenMark } from "./permissionState";

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
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, alignItems: "flex-start" },
  title: { fontWeight: tokens.fontWeightSemibold },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  summary: { cursor: "pointer" },
});

/** The permissions that matter: requested, granted, in a token. A managed identity requests nothing. */
export function Permissions({ seen }: { seen: Verification }) {
  const styles = useStyles();
  const t = useWords();
  const fixing = useFixing();
  const rows = seen.permissions;
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
              {rows.map((row) => {
                const token = tokenMark(row);
                return (
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
                        <Mark tone={STATE_TONES[row.state]}>{t(`pstate.${row.state}`)}</Mark>
                        <Grant row={row} />
                        <GrantNow row={row} seen={seen} fixing={fixing} />
                      </div>
                    </TableCell>
                    <TableCell className={styles.cell}>
                      <Mark tone={token.tone}>{t(token.word)}</Mark>
                    </TableCell>
                  </TableRow>
                );
              })}
            </TableBody>
          </Table>
        </SideScroll>
      </Card>
      {fixing.problem !== null && <ProblemView problem={fixing.problem} />}
    </Section>
  );
}

/** Since when it is granted, and on demand by which id. */
function Grant({ row: { granted, value } }: { row: PermissionRow }) {
  const styles = useStyles();
  const t = useWords();
  if (granted === null) {
    return null;
  }
  return (
    <>
      {granted.at !== null && (
        <span className={styles.small}>
          <When at={granted.at} />
        </span>
      )}
      <details className={styles.small}>
        <summary className={styles.summary}>{t("perm.grantId")}</summary>
        <CopyId id={granted.id} what={t("perm.grantIdOf", { permission: value })} />
      </details>
    </>
  );
}

/** Where Rust says that granting it would mend something: this one alone. */
function GrantNow({ row, seen, fixing }: { row: PermissionRow; seen: Verification; fixing: Fixing }) {
  const t = useWords();
  const mends = seen.findings.some(({ fix }) => fix?.kind === "grant" && fix.permissions.includes(row.value));
  const principal = seen.principal.objectId;
  if (!mends || principal === null) {
    return null;
  }
  return (
    <FixButton
      fixing={fixing}
      make={() => ({ kind: "grant", principal, permissions: [row.value] })}
      name={t("perm.grantOf", { permission: row.value })}
    >
      {t("perm.grant")}
    </FixButton>
  );
}
