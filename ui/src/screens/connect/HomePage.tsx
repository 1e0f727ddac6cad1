import { makeStyles, tokens } from "@fluentui/react-components";
import { useConnection } from "../../app/connection";
import type { Able } from "../../backend/types";
import { Card } from "../../components/Card";
import { Facts } from "../../components/Facts";
import { CopyId } from "../../components/Id";
import { LinkButton } from "../../components/LinkButton";
import { Mark, type Tone } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Page, Section } from "../../components/Page";
import { visible } from "../../components/text";
import { useWords, type WordId, Words } from "../../words/useWords";

const TONES: Record<Able, { tone: Tone; word: WordId }> = {
  yes: { tone: "good", word: "able.yes" },
  no: { tone: "warn", word: "able.no" },
  unknown: { tone: "unknown", word: "able.unknown" },
};

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  ability: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) 184px",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalXXS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)", paddingInline: tokens.spacingHorizontalL },
  },
  what: { fontWeight: tokens.fontWeightSemibold },
  reason: { color: tokens.colorNeutralForeground2, gridColumn: "1 / -1" },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** After sign-in: where one is, who one is, and what one can do of the job. */
export function HomePage() {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  return (
    <Page
      title={<Words id="home.title" values={{ tenant: <Name text={connection.tenantName} /> }} />}
      titleText={t("home.title", { tenant: visible(connection.tenantName) })}
      lead={t("home.lead")}
    >
      <div className={styles.actions}>
        <LinkButton target={{ to: "/setup" }} appearance="primary">
          {t("home.setup")}
        </LinkButton>
        <LinkButton target={{ to: "/verify" }}>{t("home.verify")}</LinkButton>
      </div>
      <Card>
        <Facts
          facts={[
            { name: t("home.tenant"), value: <Name text={connection.tenantName} strong /> },
            { name: t("home.domain"), value: connection.tenantDomain },
            { name: t("word.tenantId"), value: <CopyId id={connection.tenantId} what={t("word.tenantId")} /> },
            { name: t("home.cloud"), value: connection.cloud },
            {
              name: t("home.account"),
              value: (
                <>
                  <Name text={connection.accountName} strong /> · <Name text={connection.account} />
                </>
              ),
            },
            {
              name: t("home.roles"),
              value: connection.roles.length === 0 ? t("home.noRoles") : connection.roles.join(", "),
            },
          ]}
        />
      </Card>
      <Section title={t("home.abilities")}>
        <Card flush>
          <ul className={styles.list}>
            {connection.abilities.map((ability) => {
              const { tone, word } = TONES[ability.able];
              return (
                <li key={ability.what} className={styles.ability}>
                  <span className={styles.what}>
                    <Sentence text={ability.what} />
                  </span>
                  <Mark tone={tone}>{t(word)}</Mark>
                  <span className={styles.reason}>
                    <Sentence text={ability.reason} />
                  </span>
                </li>
              );
            })}
          </ul>
        </Card>
      </Section>
    </Page>
  );
}
