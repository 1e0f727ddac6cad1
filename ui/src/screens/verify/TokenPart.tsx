import { makeStyles, tokens } from "@fluentui/react-components";
import type { LogCheck, TokenCheck, Verification } from "../../backend/types";
import { Card } from "../../components/Card";
import { Code } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";

const useStyles = makeStyles({
  roles: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalM },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
});

/** What a token that was asked for just now says, and what the log said to it; the token itself stays in Rust. */
export function TokenPart({ seen: { token, log, verdict } }: { seen: Verification }) {
  const t = useWords();
  // A new secret takes some seconds to be known everywhere: what is not yet is no refusal.
  const young = verdict.kind === "notYet";
  const refused = token.kind === "refused" && !young ? token.problem : null;
  const logRefused = log.kind === "refused" && !log.notYet ? log.problem : null;
  // Without a token nothing was tried with it, for the same reason.
  const sameReason = log.kind === "notTried" && token.kind !== "issued";
  return (
    <Section title={t("token.title")}>
      {refused !== null && <ProblemView problem={refused} alert={false} />}
      {(refused === null || (logRefused === null && !sameReason)) && (
        <Card>
          {refused === null && <Token token={token} />}
          {logRefused === null && !sameReason && <Log log={log} />}
        </Card>
      )}
      {logRefused !== null && <ProblemView problem={logRefused} alert={false} />}
    </Section>
  );
}

function Token({ token }: { token: TokenCheck }) {
  const styles = useStyles();
  const t = useWords();
  switch (token.kind) {
    case "notChecked":
      return (
        <Mark tone="skipped">
          {t("token.notChecked")} <Sentence text={token.reason} />
        </Mark>
      );
    case "refused":
      return <NotYet word={t("token.notYet")} message={token.problem.message} advice={token.problem.advice} />;
    case "issued":
      return (
        <>
          <Mark tone={token.roles.length === 0 ? "warn" : "good"}>
            <Words id="token.issued" values={{ time: <When at={token.at} />, count: token.roles.length }} />
          </Mark>
          {token.roles.length > 0 && (
            <span className={styles.roles}>
              {token.roles.map((role) => (
                <Code key={role}>{role}</Code>
              ))}
            </span>
          )}
        </>
      );
  }
}

/** What reading the provisioning log with that token brought. */
function Log({ log }: { log: LogCheck }) {
  const t = useWords();
  switch (log.kind) {
    case "notTried":
      return (
        <Mark tone="skipped">
          {t("log.notTried")} <Sentence text={log.reason} />
        </Mark>
      );
    case "refused":
      return <NotYet word={t("log.notYet")} message={log.problem.message} advice={log.problem.advice} />;
    case "read":
      return (
        <Mark tone="good">
          {log.newest === null ? (
            <Words id="log.empty" values={{ time: <When at={log.at} /> }} />
          ) : (
            <Words id="log.read" values={{ time: <When at={log.at} />, newest: <When at={log.newest} /> }} />
          )}
        </Mark>
      );
  }
}

function NotYet({ word, message, advice }: { word: string; message: string; advice: string | null }) {
  const styles = useStyles();
  return (
    <Mark tone="waiting">
      <span className={styles.lines}>
        <span>
          <strong>{word}</strong> <Sentence text={message} />
        </span>
        {advice !== null && (
          <span className={styles.small}>
            <Sentence text={advice} />
          </span>
        )}
      </span>
    </Mark>
  );
}
