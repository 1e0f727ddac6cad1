import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { AppInfo } from "../../backend/types";
import { scopeWords } from "../../components/asking/ScopeList";
import { Card } from "../../components/Card";
import { CopyId } from "../../components/Id";
import { OpenLink } from "../../components/OpenLink";
import { useWords, type WordId, Words } from "../../words/useWords";
import { cloudName } from "../settings/cloudName";

/** What an operator's own client must be able to ask for (graph-facts 8). */
const NEEDED = [
  "User.Read",
  "Application.Read.All",
  "Application.ReadWrite.All",
  "AppRoleAssignment.ReadWrite.All",
] as const;

const OPTIONAL = [
  "RoleEligibilitySchedule.Read.Directory",
  "RoleAssignmentSchedule.ReadWrite.Directory",
  "Policy.Read.All",
] as const;

const REDIRECT = "http://localhost";
const REGISTRATIONS = "#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade";

const useStyles = makeStyles({
  steps: {
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalXXL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
  },
  more: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, alignItems: "flex-start" },
  scopes: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXS,
  },
  scope: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalS },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** How to register a client of one's own: the portal's words, and each exact value to copy. */
export function RegisterGuide({ info, cloud }: { info: AppInfo; cloud: string }) {
  const styles = useStyles();
  const t = useWords();
  const portal = info.clouds.find(({ key }) => key === cloud)?.hosts.portal;
  return (
    <Card>
      <Text>
        <Words id="register.cloud" values={{ cloud: cloudName(info, cloud) }} />
      </Text>
      <ol className={styles.steps}>
        <Step words="register.new">
          {portal !== undefined && <OpenLink url={`https://${portal}/${REGISTRATIONS}`}>{t("register.open")}</OpenLink>}
        </Step>
        <Step words="register.name">
          <CopyId whole id={t("register.nameValue")} what={t("register.field.name")} />
        </Step>
        <Step words="register.types" />
        <Step words="register.redirect">
          <CopyId whole id={REDIRECT} what={t("register.field.redirect")} />
        </Step>
        <Step words="register.register" />
        <Step words="register.public" />
        <Step words="register.scopes">
          <Scopes scopes={NEEDED} label={t("register.scopesName")} />
          <Text>{t("register.optional")}</Text>
          <Scopes scopes={OPTIONAL} label={t("register.optionalName")} />
        </Step>
        <Step words="register.consent" />
        <Step words="register.copy" />
      </ol>
    </Card>
  );
}

function Step({ words, children }: { words: WordId; children?: ReactNode }) {
  const styles = useStyles();
  return (
    <li>
      <div className={styles.more}>
        <span>
          <Words id={words} />
        </span>
        {children}
      </div>
    </li>
  );
}

function Scopes({ scopes, label }: { scopes: readonly string[]; label: string }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <ul className={styles.scopes} aria-label={label}>
      {scopes.map((scope) => {
        const words = scopeWords(scope);
        return (
          <li key={scope} className={styles.scope}>
            <CopyId whole id={scope} what={scope} />
            {words !== null && <span className={styles.small}>{t(words)}</span>}
          </li>
        );
      })}
    </ul>
  );
}
