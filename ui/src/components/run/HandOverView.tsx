import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useConnection } from "../../app/connection";
import type { HandOver, RunView, SecretPlace, ShownSecret } from "../../backend/types";
import { useWords, Words } from "../../words/useWords";
import { Card } from "../Card";
import { Facts } from "../Facts";
import { Code, CopyId } from "../Id";
import { Name } from "../Name";
import { Section } from "../Page";
import { LastDay } from "../When";
import { StoredSecret } from "./Secret";

const useStyles = makeStyles({
  permissions: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
});

/** What the API developer needs, each with copy, and where the secret is. */
export function HandOverView({ handOver, run }: { handOver: HandOver; run: RunView }) {
  const styles = useStyles();
  const t = useWords();
  const { principal } = handOver;
  return (
    <>
      <Section title={t("done.handOver")}>
        <Card>
          <Facts
            facts={[
              { name: t("word.clientId"), value: <CopyId whole id={principal.clientId} what={t("word.clientId")} /> },
              { name: t("word.tenantId"), value: <CopyId whole id={handOver.tenantId} what={t("word.tenantId")} /> },
              { name: t("done.tokenUrl"), value: <CopyId whole id={handOver.tokenUrl} what={t("done.tokenUrl")} /> },
              { name: t("done.scope"), value: <CopyId whole id={handOver.scope} what={t("done.scope")} /> },
              {
                name: t("done.permissions"),
                value:
                  handOver.permissions.length === 0 ? (
                    t("done.noneGranted")
                  ) : (
                    <span className={styles.permissions}>
                      {handOver.permissions.map((permission) => (
                        <Code key={permission}>{permission}</Code>
                      ))}
                    </span>
                  ),
              },
            ]}
          />
        </Card>
      </Section>
      <Section title={t("done.secret")}>
        <Card>
          {handOver.secret !== null ? (
            <SecretPart place={handOver.secret} run={run} />
          ) : handOver.shown !== null ? (
            <ShownPart shown={handOver.shown} />
          ) : (
            <Text>{t("done.noSecret")}</Text>
          )}
        </Card>
      </Section>
    </>
  );
}

function ShownPart({ shown }: { shown: ShownSecret }) {
  const t = useWords();
  return (
    <>
      <Text>{t("done.shownOnce")}</Text>
      <Facts
        facts={[
          { name: t("done.description"), value: <Name text={shown.description} /> },
          { name: t("done.ends"), value: <LastDay at={shown.expires} /> },
          { name: t("done.keyId"), value: <CopyId id={shown.keyId} what={t("done.keyId")} /> },
        ]}
      />
    </>
  );
}

function SecretPart({ place, run }: { place: SecretPlace; run: RunView }) {
  const t = useWords();
  const { connection } = useConnection();
  return (
    <>
      <Text>{t("done.secretWhere", { keychain: place.keychain })}</Text>
      {connection.tenantId === run.tenantId ? (
        <StoredSecret place={place} />
      ) : (
        <Text>
          <Words id="secret.otherTenant" values={{ tenant: <Name text={run.tenantName} /> }} />
        </Text>
      )}
      <Facts
        facts={[
          { name: t("done.description"), value: <Name text={place.description} /> },
          { name: t("done.ends"), value: <LastDay at={place.expires} /> },
          { name: t("done.item"), value: <Code>{place.service}</Code> },
          { name: t("done.account"), value: <CopyId id={place.account} what={t("done.account")} whole /> },
          { name: t("done.keyId"), value: <CopyId id={place.keyId} what={t("done.keyId")} /> },
        ]}
      />
    </>
  );
}
