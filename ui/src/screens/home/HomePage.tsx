import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Skeleton,
  SkeletonItem,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useConnection } from "../../app/connection";
import { usePreflight } from "../../app/usePreflight";
import type { Preflight } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { Facts } from "../../components/Facts";
import { CopyId } from "../../components/Id";
import { CheckAgainIcon } from "../../components/icons";
import { LinkButton } from "../../components/LinkButton";
import { Name, Sentence } from "../../components/Name";
import { Page, Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import type { Activated } from "../../components/standing/ActivateRole";
import { visible } from "../../components/text";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { Unfinished } from "../unfinished/Unfinished";
import { Abilities } from "./Abilities";
import { ActivationResult } from "./ActivationResult";
import { PreflightFacts } from "./PreflightFacts";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  skeleton: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXL },
});

/** After sign-in: where one is, who one is, and what one can do of the job before anything is begun. */
export function HomePage() {
  const styles = useStyles();
  const t = useWords();
  const announce = useAnnounce();
  const { connection } = useConnection();
  const preflight = usePreflight();
  const [activated, setActivated] = useState<Activated | null>(null);
  const summary = preflight.data?.summary;

  useEffect(() => {
    if (summary !== undefined) {
      announce(summary);
    }
  }, [summary, announce]);

  const looking = preflight.isFetching;
  return (
    <Page
      title={<Words id="home.title" values={{ tenant: <Name text={connection.tenantName} /> }} />}
      titleText={t("home.title", { tenant: visible(connection.tenantName) })}
      lead={summary === undefined ? t("home.lead") : <Sentence text={summary} />}
      actions={
        <Button
          icon={looking ? <Spinner size="extra-tiny" role="presentation" aria-hidden="true" /> : <CheckAgainIcon />}
          onClick={() => preflight.refetch()}
          disabledFocusable={looking}
        >
          {t(looking ? "home.looking" : "home.again")}
        </Button>
      }
    >
      {connection.clockOffMinutes !== null && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{t("home.clock", { minutes: Math.abs(connection.clockOffMinutes) })}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.actions}>
        <LinkButton target={{ to: "/setup" }} appearance="primary">
          {t("home.setup")}
        </LinkButton>
        <LinkButton target={{ to: "/verify" }}>{t("home.verify")}</LinkButton>
        <LinkButton target={{ to: "/access" }}>{t("home.access")}</LinkButton>
      </div>
      <Unfinished />
      {activated !== null && <ActivationResult activated={activated} />}
      {preflight.isError && <ProblemView problem={preflight.error} onRetry={() => preflight.refetch()} />}
      {preflight.isPending && <PreflightSkeleton />}
      {preflight.data && <Seen preflight={preflight.data} onActivated={setActivated} />}
      <Section title={t("home.session")}>
        <Card>
          <Who />
        </Card>
      </Section>
    </Page>
  );
}

function Seen({ preflight, onActivated }: { preflight: Preflight; onActivated: (activated: Activated) => void }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <>
      <Section
        title={t("home.abilities")}
        actions={
          <span className={styles.small}>
            <Words id="home.checked" values={{ time: <When at={preflight.checked} /> }} />
          </span>
        }
      >
        <Abilities abilities={preflight.abilities} onActivated={onActivated} />
      </Section>
      <Section title={t("home.rests")}>
        <PreflightFacts preflight={preflight} onActivated={onActivated} />
      </Section>
    </>
  );
}

function Who() {
  const t = useWords();
  const { info, connection } = useConnection();
  const microsofts = info.microsoftClients.find(({ clientId }) => clientId === connection.clientId);
  return (
    <Facts
      facts={[
        {
          name: t("home.account"),
          value: (
            <>
              <Name text={connection.accountName} strong /> · <Name text={connection.account} />
            </>
          ),
        },
        { name: t("home.tenant"), value: <Name text={connection.tenantName} strong /> },
        { name: t("home.domain"), value: connection.tenantDomain },
        { name: t("word.tenantId"), value: <CopyId id={connection.tenantId} what={t("word.tenantId")} /> },
        { name: t("home.cloud"), value: connection.cloud },
        { name: t("home.way"), value: connection.way !== null && t(`way.${connection.way}`) },
        {
          name: t("home.client"),
          value: connection.clientId !== null && (
            <>
              {microsofts !== undefined && `${microsofts.name} · `}
              <CopyId id={connection.clientId} what={t("word.clientId")} />
            </>
          ),
        },
      ]}
    />
  );
}

function PreflightSkeleton() {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  return (
    <Skeleton aria-label={t("home.reading", { tenant: visible(connection.tenantName) })}>
      <div className={styles.skeleton}>
        <Card>
          <SkeletonItem size={24} />
          <SkeletonItem size={40} />
          <SkeletonItem size={40} />
        </Card>
        <Card>
          <SkeletonItem size={24} />
          <SkeletonItem size={24} />
          <SkeletonItem size={24} />
        </Card>
      </div>
    </Skeleton>
  );
}
