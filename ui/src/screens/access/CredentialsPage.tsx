import { Button, makeStyles, Skeleton, SkeletonItem, Spinner, Text, tokens } from "@fluentui/react-components";
import { useEffect } from "react";
import { useConnection } from "../../app/connection";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { CheckAgainIcon } from "../../components/icons";
import { BackButton, LinkButton } from "../../components/LinkButton";
import { Name, Sentence } from "../../components/Name";
import { Empty, Page, Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { visible } from "../../components/text";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { CredentialRows } from "./CredentialRows";
import { useCredentials } from "./credentialsQuery";

const useStyles = makeStyles({
  rows: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  names: { columnWidth: "240px", margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
  name: { overflowWrap: "anywhere" },
});

/** Whose secrets and certificates end when. */
export function CredentialsPage() {
  const styles = useStyles();
  const t = useWords();
  const announce = useAnnounce();
  const { connection } = useConnection();
  const list = useCredentials();
  const found = list.data;
  const sentence = found?.sentence;
  useEffect(() => {
    if (sentence !== undefined) {
      announce(sentence);
    }
  }, [sentence, announce]);
  const tenant = <Name text={connection.tenantName} />;
  return (
    <Page
      back={<BackButton target={{ to: "/access" }}>{t("access.back")}</BackButton>}
      title={t("ends.title")}
      titleText={t("ends.title")}
      lead={sentence === undefined ? <Words id="ends.lead" values={{ tenant }} /> : <Sentence text={sentence} />}
      actions={
        <Button
          icon={
            list.isFetching ? <Spinner size="extra-tiny" role="presentation" aria-hidden="true" /> : <CheckAgainIcon />
          }
          onClick={() => list.refetch()}
          disabledFocusable={list.isFetching}
        >
          {t(list.isFetching ? "access.reading" : "access.read")}
        </Button>
      }
    >
      {list.isError && <ProblemView problem={list.error} onRetry={() => list.refetch()} />}
      {list.isPending && (
        <Card>
          <Skeleton aria-label={t("ends.reading", { tenant: visible(connection.tenantName) })}>
            <div className={styles.rows}>
              <SkeletonItem size={48} />
              <SkeletonItem size={48} />
              <SkeletonItem size={48} />
            </div>
          </Skeleton>
        </Card>
      )}
      {found?.rows.length === 0 && (
        <Card>
          <Empty title={t("ends.none")} action={<LinkButton target={{ to: "/setup" }}>{t("access.setup")}</LinkButton>}>
            {t("ends.noneWhat")}
          </Empty>
        </Card>
      )}
      {found !== undefined && found.rows.length > 0 && <CredentialRows rows={found.rows} />}
      {found !== undefined && found.elsewhere.length > 0 && (
        <Section title={t("ends.elsewhere")}>
          <Card>
            <Text>{t("ends.elsewhereWhat", { count: found.elsewhere.length })}</Text>
            <ul className={styles.names} aria-label={t("ends.elsewhere")}>
              {found.elsewhere.map((name, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: namesakes are told apart by nothing else
                <li key={index} className={styles.name}>
                  <Name text={name} />
                </li>
              ))}
            </ul>
          </Card>
        </Section>
      )}
      {found !== undefined && (
        <Text className={styles.small}>
          <Words id="access.checked" values={{ time: <When at={found.checkedAt} /> }} />
        </Text>
      )}
    </Page>
  );
}
