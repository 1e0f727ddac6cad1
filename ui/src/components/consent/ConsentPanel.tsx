import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { useConsentCheck } from "../../app/useConsentCheck";
import type { ConsentState, RunView } from "../../backend/types";
import { useWords, Words } from "../../words/useWords";
import { Card } from "../Card";
import { Facts } from "../Facts";
import { CopyId } from "../Id";
import { CheckAgainIcon } from "../icons";
import { Mark } from "../Mark";
import { Name, Sentence } from "../Name";
import { Section } from "../Page";
import { When } from "../When";
import { ConsentActions } from "./ConsentActions";
import { ConsentPermissions } from "./ConsentPermissions";
import { grantedSince, leftOf } from "./consentState";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** What a run left to another administrator: what is asked, how to hand it over, and how far it is. */
export function ConsentPanel({ run, consent }: { run: RunView; consent: ConsentState }) {
  const styles = useStyles();
  const t = useWords();
  const check = useConsentCheck(run);
  const left = leftOf(consent);
  const since = grantedSince(consent);
  const { principal, permissions } = consent.request;
  return (
    <Section title={t("consent.title")}>
      <Card>
        {since === null ? (
          <Mark tone="waiting">{t(check.here ? "consent.awaited" : "consent.awaitedStill", { count: left })}</Mark>
        ) : (
          <Mark tone="good">
            <Words id="consent.granted" values={{ date: <When at={since} /> }} />
          </Mark>
        )}
        {since === null && <Text>{t("consent.what")}</Text>}
        <Facts
          facts={[
            { name: t("consent.for"), value: <Name text={principal.name} strong /> },
            { name: t("word.clientId"), value: <CopyId id={principal.clientId} what={t("word.clientId")} /> },
          ]}
        />
        <ConsentPermissions permissions={permissions} granted={consent.granted} />
        {since === null && <ConsentActions run={run} consent={consent} />}
        {check.here ? (
          <div className={styles.row}>
            <Button
              icon={
                check.looking ? (
                  <Spinner size="extra-tiny" role="presentation" aria-hidden="true" />
                ) : (
                  <CheckAgainIcon />
                )
              }
              onClick={check.look}
              disabledFocusable={check.looking}
            >
              {t(check.looking ? "consent.looking" : "consent.again")}
            </Button>
            {consent.checked !== null && (
              <span className={styles.small}>
                <Words id="consent.checked" values={{ time: <When at={consent.checked} /> }} />
              </span>
            )}
          </div>
        ) : (
          since === null && (
            <Text>
              <Words id="consent.otherTenant" values={{ tenant: <Name text={run.tenantName} /> }} />
            </Text>
          )
        )}
        {check.problem !== null && (
          <Mark tone="warn">
            <Sentence
              text={t("consent.notLooked", {
                why: [check.problem.message, check.problem.advice].filter(Boolean).join(" "),
              })}
            />
          </Mark>
        )}
      </Card>
    </Section>
  );
}
