import { makeStyles, tokens } from "@fluentui/react-components";
import type { TokenCheck } from "../../backend/types";
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
});

/** What a token that was asked for just now says; the token itself stays in Rust. */
export function TokenPart({ token }: { token: TokenCheck }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <Section title={t("token.title")}>
      {token.kind === "refused" ? (
        <ProblemView problem={token.problem} alert={false} />
      ) : (
        <Card>
          {token.kind === "notChecked" ? (
            <Mark tone="skipped">
              {t("token.notChecked")} <Sentence text={token.reason} />
            </Mark>
          ) : (
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
          )}
        </Card>
      )}
    </Section>
  );
}
