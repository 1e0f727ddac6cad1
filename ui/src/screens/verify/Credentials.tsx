import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { CredentialRow, Verification } from "../../backend/types";
import { Card } from "../../components/Card";
import { DaysLeft } from "../../components/fix/DaysLeft";
import { FixButton } from "../../components/fix/FixButton";
import { type Fixing, useFixing } from "../../components/fix/fixing";
import { KeptHere } from "../../components/fix/KeptHere";
import { RenewSecret } from "../../components/fix/RenewSecret";
import { CopyId } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Name } from "../../components/Name";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";

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
  place: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, alignItems: "flex-start" },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Secrets and certificates, the days that each has left, and ways to renew or remove a secret. */
export function Credentials({ seen }: { seen: Verification }) {
  const styles = useStyles();
  const t = useWords();
  const fixing = useFixing();
  const { principal, credentials, federated } = seen;
  const azure = principal.kind === "systemAssigned" || principal.kind === "userAssigned";
  // Secrets are made and removed at the app registration, which must be one of this tenant.
  const ours = principal.applicationObjectId !== null;
  if (credentials.length === 0) {
    return (
      <Section title={t("cred.title")}>
        <Card>
          {azure ? (
            <Text>{t("cred.identity")}</Text>
          ) : (
            <>
              <Mark tone={!ours ? "unknown" : federated.length > 0 ? "info" : "warn"}>
                {t(!ours ? "cred.elsewhere" : federated.length > 0 ? "cred.onlyFederated" : "cred.none")}
              </Mark>
              {ours && (
                <div>
                  <RenewSecret clientId={principal.clientId} old={null} />
                </div>
              )}
            </>
          )}
        </Card>
      </Section>
    );
  }
  return (
    <Section title={t("cred.title")}>
      <Card flush>
        <ul className={styles.list} aria-label={t("cred.title")}>
          {credentials.map((row) => (
            <li key={row.keyId} className={styles.row} data-testid="credential">
              <span className={styles.lines}>
                <span>
                  {t(`cred.${row.kind}`)}{" "}
                  {row.description === "" ? t("cred.unnamed") : <Name text={row.description} strong />}
                </span>
                <span className={styles.small}>
                  {t("cred.keyId")} <CopyId id={row.keyId} what={t("cred.keyId")} />
                </span>
              </span>
              <DaysLeft row={row} />
              <div className={styles.place}>
                {row.kind === "secret" && <KeptHere here={row.inKeychain} />}
                {ours && row.kind === "secret" && (
                  <SecretActs row={row} clientId={principal.clientId} fixing={fixing} />
                )}
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {fixing.problem !== null && <ProblemView problem={fixing.problem} />}
    </Section>
  );
}

function SecretActs({ row, clientId, fixing }: { row: CredentialRow; clientId: string; fixing: Fixing }) {
  const styles = useStyles();
  const t = useWords();
  const what = row.description === "" ? row.keyId : visible(row.description);
  return (
    <span className={styles.actions}>
      <RenewSecret clientId={clientId} old={row} />
      <FixButton
        fixing={fixing}
        appearance="subtle"
        make={() => ({ kind: "removeSecret", clientId, keyId: row.keyId })}
        name={t("secretRow.removeOf", { what })}
      >
        {t("secretRow.remove")}
      </FixButton>
    </span>
  );
}
