import { makeStyles, tokens } from "@fluentui/react-components";
import type { FederatedRow } from "../../backend/types";
import { Card } from "../../components/Card";
import { Facts } from "../../components/Facts";
import { Code } from "../../components/Id";
import { Name } from "../../components/Name";
import { Section } from "../../components/Page";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  row: {
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
    paddingBlock: tokens.spacingVerticalS,
    ":first-child": { paddingTop: 0 },
    ":last-child": { paddingBottom: 0 },
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
  },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Identities elsewhere that it trusts in place of a secret: whoever they are can act as it. */
export function Federated({ rows }: { rows: FederatedRow[] }) {
  const styles = useStyles();
  const t = useWords();
  if (rows.length === 0) {
    return null;
  }
  return (
    <Section title={t("federated.title")}>
      <Card>
        <span className={styles.small}>{t("federated.what")}</span>
        <ul className={styles.list} aria-label={t("federated.title")}>
          {rows.map(({ name, issuer, subject }) => (
            <li key={`${name} ${issuer} ${subject}`} className={styles.row}>
              <Name text={name} strong />
              <Facts
                facts={[
                  { name: t("federated.issuer"), value: issuer === null ? t("word.unknown") : <Code>{issuer}</Code> },
                  {
                    name: t("federated.subject"),
                    value: subject === null ? t("word.unknown") : <Code>{subject}</Code>,
                  },
                ]}
              />
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}
