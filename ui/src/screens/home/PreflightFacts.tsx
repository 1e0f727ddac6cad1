import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useAskFor } from "../../app/usePreflight";
import type { AskedPart } from "../../backend/backend";
import type { EligibleRole, Preflight, Reading } from "../../backend/types";
import { scopeWords } from "../../components/asking/ScopeList";
import { Card } from "../../components/Card";
import { Facts } from "../../components/Facts";
import { Code } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { ProblemView } from "../../components/ProblemView";
import { type Activated, ActivateRole } from "../../components/standing/ActivateRole";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
  },
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalM },
  small: { color: tokens.colorNeutralForeground2 },
});

/** What was read to tell what one can do, and what could not be read. */
export function PreflightFacts({
  preflight,
  onActivated,
}: {
  preflight: Preflight;
  onActivated: (activated: Activated) => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const ask = useAskFor();
  const part = (reading: Reading, of: Exclude<AskedPart, "">, value: ReactNode) => (
    <Part reading={reading} asking={ask.isPending && ask.variables === of} onAsk={() => ask.mutate(of)}>
      {value}
    </Part>
  );
  const { eligible, secrets, registration, licence } = preflight;
  return (
    <Card>
      <Facts
        facts={[
          {
            name: t("home.roles"),
            value: preflight.roles.length === 0 ? t("home.noRoles") : preflight.roles.join(", "),
          },
          {
            name: t("home.eligible"),
            value: part(
              eligible.reading,
              "eligible",
              eligible.roles.length === 0 ? (
                t("home.noEligible")
              ) : (
                <ul className={styles.list}>
                  {eligible.roles.map((role) => (
                    <Eligible key={role.roleId} role={role} onActivated={onActivated} />
                  ))}
                </ul>
              ),
            ),
          },
          { name: t("home.scopes"), value: <Scopes scopes={preflight.scopes} /> },
          {
            name: t("home.secrets"),
            value: part(
              secrets.reading,
              "policy",
              <SecretRule forbidden={secrets.forbidden} words={secrets.sentence} />,
            ),
          },
          {
            name: t("home.registration"),
            value: part(
              registration.reading,
              "policy",
              t(registration.everyone ? "home.everyone" : "home.notEveryone"),
            ),
          },
          {
            name: t("home.licence"),
            value: (
              <Mark tone={licence.found === null ? "unknown" : licence.found ? "good" : "warn"}>
                <Sentence text={licence.sentence} />
              </Mark>
            ),
          },
        ]}
      />
      {ask.isError && ask.error.code !== "cancelled" && (
        <ProblemView problem={ask.error} onRetry={() => ask.variables && ask.mutate(ask.variables)} />
      )}
    </Card>
  );
}

/** A fact where it could be read; else why not, and how to get it. */
function Part({
  reading,
  asking,
  onAsk,
  children,
}: {
  reading: Reading;
  asking: boolean;
  onAsk: () => void;
  children: ReactNode;
}) {
  const styles = useStyles();
  const t = useWords();
  switch (reading.kind) {
    case "read":
      return children;
    case "notReadable":
      return (
        <Mark tone="unknown">
          <Sentence text={reading.why} />
        </Mark>
      );
    case "needsScope":
      return (
        <span className={styles.row}>
          <Mark tone="unknown">
            <Words id="home.needsScope" values={{ scope: <Code>{reading.scope}</Code> }} />
          </Mark>
          <Button
            size="small"
            aria-label={t("home.askFor", { scope: reading.scope })}
            disabledFocusable={asking}
            onClick={() => !asking && onAsk()}
          >
            {t("home.ask")}
          </Button>
          {asking && <Spinner size="tiny" label={t("home.asking")} />}
        </span>
      );
  }
}

function Eligible({ role, onActivated }: { role: EligibleRole; onActivated: (activated: Activated) => void }) {
  const styles = useStyles();
  return (
    <li className={styles.row}>
      <span>
        {role.name}
        {role.until !== null && (
          <span className={styles.small}>
            {" "}
            <Words id="home.until" values={{ date: <When at={role.until} day /> }} />
          </span>
        )}
      </span>
      <ActivateRole role={role} onActivated={onActivated} />
    </li>
  );
}

function SecretRule({ forbidden, words }: { forbidden: boolean; words: string }) {
  return forbidden ? (
    <Mark tone="warn">
      <Sentence text={words} />
    </Mark>
  ) : (
    <Sentence text={words} />
  );
}

function Scopes({ scopes }: { scopes: string[] }) {
  const styles = useStyles();
  const t = useWords();
  if (scopes.length === 0) {
    return t("word.none");
  }
  return (
    <ul className={styles.list}>
      {scopes.map((scope) => {
        const words = scopeWords(scope);
        return (
          <li key={scope}>
            {words !== null && `${t(words)} · `}
            <Code>{scope}</Code>
          </li>
        );
      })}
    </ul>
  );
}
