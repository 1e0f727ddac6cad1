import { makeStyles, tokens } from "@fluentui/react-components";
import type { OwnerRow, Verification } from "../../backend/types";
import { Card } from "../../components/Card";
import { Facts } from "../../components/Facts";
import { CopyId } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Name } from "../../components/Name";
import { Section } from "../../components/Page";
import { When } from "../../components/When";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  owners: { margin: 0, padding: 0, listStyleType: "none" },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Whether it may sign in at all, who answers for it, and where it runs. */
export function About({ seen }: { seen: Verification }) {
  const t = useWords();
  const { principal, assignmentRequired, owners, unreadable } = seen;
  const azure = principal.azure;
  // None is said only where it was certainly read: not of another tenant's app, nor beside what was hidden.
  const ownersRead = principal.applicationObjectId !== null && unreadable.length === 0;
  const managed = principal.kind === "systemAssigned" || principal.kind === "userAssigned";
  return (
    <Section title={t("about.title")}>
      <Card>
        <Facts
          facts={[
            { name: t("about.signIn"), value: <SignIn enabled={principal.enabled} /> },
            {
              name: t("about.assignment"),
              value: t(
                assignmentRequired === null
                  ? "word.unknown"
                  : assignmentRequired
                    ? "about.assignmentYes"
                    : "about.assignmentNo",
              ),
            },
            {
              name: t("about.owners"),
              value: managed && owners.length === 0 ? null : <Owners owners={owners} read={ownersRead} />,
            },
            { name: t("about.created"), value: principal.created !== null && <When at={principal.created} /> },
            {
              name: t("about.resource"),
              value: azure !== null && <CopyId whole id={azure.id} what={t("about.resource")} />,
            },
            {
              name: t("about.application"),
              value: principal.applicationObjectId !== null && (
                <CopyId id={principal.applicationObjectId} what={t("about.application")} />
              ),
            },
          ]}
        />
      </Card>
    </Section>
  );
}

function SignIn({ enabled }: { enabled: boolean | null }) {
  const t = useWords();
  if (enabled === null) {
    return <Mark tone="unknown">{t("word.unknown")}</Mark>;
  }
  return <Mark tone={enabled ? "good" : "bad"}>{t(enabled ? "about.mayIn" : "about.blocked")}</Mark>;
}

function Owners({ owners, read }: { owners: OwnerRow[]; read: boolean }) {
  const styles = useStyles();
  const t = useWords();
  if (owners.length === 0) {
    return t(read ? "word.none" : "word.unknown");
  }
  return (
    <ul className={styles.owners} aria-label={t("about.owners")}>
      {owners.map(({ id, name, signInName }) => (
        <li key={id}>
          <Name text={name} />{" "}
          <span className={styles.small}>{signInName === null ? t("about.app") : <Name text={signInName} />}</span>
        </li>
      ))}
    </ul>
  );
}
