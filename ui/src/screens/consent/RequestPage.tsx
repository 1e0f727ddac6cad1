import {
  Button,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { Navigate } from "@tanstack/react-router";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import type { ConsentRequest, OpenedConsent } from "../../backend/types";
import { Card } from "../../components/Card";
import { ConsentPermissions } from "../../components/consent/ConsentPermissions";
import { Facts } from "../../components/Facts";
import { CopyId } from "../../components/Id";
import { BackButton } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Page, Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { Activations } from "../../components/standing/Activations";
import { StandingMark } from "../../components/standing/StandingMark";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { cloudName } from "../settings/cloudName";
import { usePlanning } from "../setup/usePlanning";
import { OpenRequest } from "./OpenRequest";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "flex-start" },
  part: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, alignItems: "flex-start" },
  small: { color: tokens.colorNeutralForeground2 },
});

/** Another's request for consent: what it asks, whether it belongs here, and the way to its plan. */
export function RequestPage() {
  const { job } = useJob();
  if (job.running) {
    return <Navigate to="/setup/run" />;
  }
  return job.opened === null ? <Navigate to="/setup" /> : <Opened key={job.opened.id} opened={job.opened} />;
}

function Opened({ opened }: { opened: OpenedConsent }) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  const planning = usePlanning();
  const { request, obstacle, standing } = opened;
  const { askedBy, principal } = request;
  return (
    <Page
      back={<BackButton target={{ to: "/setup" }}>{t("request.back")}</BackButton>}
      title={t("request.title")}
      titleText={t("request.title")}
      lead={
        <Words
          id="request.lead"
          values={{ by: <Name text={askedBy} strong />, name: <Name text={principal.name} strong /> }}
        />
      }
    >
      {obstacle !== null && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t("request.obstacle")}</MessageBarTitle> <Sentence text={obstacle} />
          </MessageBarBody>
        </MessageBar>
      )}
      <Card>
        <ConsentPermissions permissions={request.permissions} />
      </Card>
      <Card>
        <WhoAsks request={request} />
        <span className={styles.small}>
          <Words id="request.trust" values={{ by: <Name text={askedBy} /> }} />
        </span>
      </Card>
      {obstacle === null && (
        <Section title={t("request.may")}>
          <Card>
            <div className={styles.part}>
              <StandingMark standing={standing} />
              <span className={styles.small}>
                <Sentence text={standing.reason} />
              </span>
              {standing.able === "activateFirst" && <Activations roles={standing.activate} />}
            </div>
          </Card>
        </Section>
      )}
      {planning.isError && (
        <ProblemView problem={planning.error} onRetry={() => planning.mutate({ consent: opened })} />
      )}
      <div className={styles.actions}>
        {obstacle === null && (
          <Button
            appearance="primary"
            onClick={() => planning.mutate({ consent: opened })}
            disabledFocusable={planning.isPending}
          >
            {t("request.plan")}
          </Button>
        )}
        <OpenRequest another />
        {planning.isPending && (
          <Spinner
            size="tiny"
            label={<Words id="setup.planning" values={{ tenant: <Name text={connection.tenantName} /> }} />}
          />
        )}
      </div>
    </Page>
  );
}

function WhoAsks({ request }: { request: ConsentRequest }) {
  const t = useWords();
  const { info, connection } = useConnection();
  const { principal } = request;
  const here = request.tenantId === connection.tenantId;
  return (
    <Facts
      facts={[
        {
          name: t("consent.for"),
          value: (
            <>
              <Name text={principal.name} strong /> ·{" "}
              {t(principal.managedIdentity ? "request.identity" : "request.app")}
            </>
          ),
        },
        { name: t("word.clientId"), value: <CopyId id={principal.clientId} what={t("word.clientId")} /> },
        { name: t("word.objectId"), value: <CopyId id={principal.objectId} what={t("word.objectId")} /> },
        { name: t("request.by"), value: <Name text={request.askedBy} /> },
        { name: t("request.at"), value: <When at={request.asked} /> },
        {
          name: t("request.tenant"),
          value: (
            <>
              <Name text={request.tenantName} strong /> <CopyId id={request.tenantId} what={t("word.tenantId")} />
              <br />
              <Mark tone={here ? "good" : "bad"}>{t(here ? "request.here" : "request.elsewhere")}</Mark>
            </>
          ),
        },
        {
          name: t("home.cloud"),
          value: request.cloud === connection.cloudKey ? connection.cloud : cloudName(info, request.cloud),
        },
      ]}
    />
  );
}
