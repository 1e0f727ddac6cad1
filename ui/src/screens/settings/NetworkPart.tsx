import type { NetworkView } from "../../backend/types";
import { Card } from "../../components/Card";
import { Facts } from "../../components/Facts";
import { Code } from "../../components/Id";
import { Section } from "../../components/Page";
import { useWords } from "../../words/useWords";
import { useRowStyles } from "./rowStyles";

/** The proxy as this computer has it; it is set there, not here. */
export function NetworkPart({ network }: { network: NetworkView }) {
  const styles = useRowStyles();
  const t = useWords();
  return (
    <Section title={t("settings.network")}>
      <Card>
        <span className={styles.what}>{t("settings.networkWhat")}</span>
        <Facts
          facts={[
            {
              name: t("settings.proxy"),
              value: network.proxy === null ? t("settings.noProxySet") : <Code>{network.proxy}</Code>,
            },
            { name: t("settings.proxySource"), value: network.source !== null && <Code>{network.source}</Code> },
            { name: t("settings.withoutProxy"), value: network.noProxy !== null && <Code>{network.noProxy}</Code> },
          ]}
        />
      </Card>
    </Section>
  );
}
