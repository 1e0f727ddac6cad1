import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  mergeClasses,
  Spinner,
  Text,
  tokens,
} from "@fluentui/react-components";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import type { NarrowerOffer, PlanView, SetupRequest, StepEffect } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { Code, ShortId } from "../../components/Id";
import { BackButton, LinkButton, verification } from "../../components/LinkButton";
import { Mark, type Tone } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { StepList, StepRow } from "../../components/run/StepRow";
import { useWords, Words } from "../../words/useWords";
import { Subject } from "./Subject";
import { usePlanning } from "./usePlanning";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  foot: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  // What the page is for stays in sight, however long the plan is.
  bar: {
    position: "sticky",
    bottom: 0,
    backgroundColor: tokens.colorNeutralBackground2,
    borderTop: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    paddingBlock: tokens.spacingVerticalM,
    marginBottom: `calc(-1 * ${tokens.spacingVerticalXXL})`,
  },
  quiet: { color: tokens.colorNeutralForeground2 },
  state: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  offer: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    color: tokens.colorNeutralForeground2,
  },
  offerText: { flexBasis: "240px", flexGrow: 1 },
});

const EFFECTS: Record<StepEffect, Tone> = {
  alreadySo: "settled",
  willCheck: "waiting",
  willCreate: "adds",
  willChange: "adds",
  willGrant: "adds",
};

/** What will be done, before it is done. */
export function PlanPage() {
  const { job } = useJob();
  if (job.running) {
    return <Navigate to="/setup/run" />;
  }
  if (job.plan === null || job.request === null) {
    return <Navigate to="/setup" />;
  }
  // A plan made anew is a new page: its heading takes the focus.
  return <Plan key={job.plan.id} plan={job.plan} request={job.request} />;
}

function Plan({ plan, request }: { plan: PlanView; request: SetupRequest }) {
  const styles = useStyles();
  const t = useWords();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const { connection } = useConnection();
  const { job, start } = useJob();
  const planning = usePlanning();
  const form = request.kind === "appRegistration" ? "/setup/app" : "/setup/identity";
  const title = t("plan.title", { count: plan.changes });

  const used = useRef(false);
  useEffect(() => {
    if (!used.current) {
      used.current = true;
      announce(title);
    }
  }, [announce, title]);

  const make = () => {
    start(plan);
    navigate({ to: "/setup/run" });
  };

  return (
    <Page
      back={<BackButton target={{ to: form }}>{t("plan.change")}</BackButton>}
      title={title}
      titleText={title}
      lead={
        <Words
          id="plan.in"
          values={{
            tenant: <Name text={plan.tenantName} strong />,
            id: <ShortId id={plan.tenantId} />,
            subject: <Subject plan={plan} />,
          }}
        />
      }
    >
      {plan.changes === 0 ? (
        <Card>
          <Mark tone="good">
            <Words id="plan.nothing" values={{ tenant: <Name text={plan.tenantName} strong /> }} />
          </Mark>
          <Text>{t("plan.nothingWhat")}</Text>
          <div className={styles.actions}>
            <VerifyButton request={request} plan={plan} />
          </div>
        </Card>
      ) : (
        <Text className={styles.quiet}>{t("plan.lead")}</Text>
      )}
      <Card flush>
        <StepList label={t("plan.steps")}>
          {plan.steps.map((step) => {
            const warned = plan.warnings.some(({ steps }) => steps.includes(step.number));
            const offer = plan.narrower !== null && plan.narrower.insteadOf === step.term ? plan.narrower : null;
            return (
              <StepRow
                key={step.number}
                number={step.number}
                title={step.title}
                term={step.term}
                note={step.note !== null && <Sentence text={step.note} />}
                settled={step.effect === "alreadySo"}
                requests={step.requests}
                state={
                  <span className={styles.state}>
                    <Mark tone={EFFECTS[step.effect]}>{t(`effect.${step.effect}`)}</Mark>
                    {warned && <Mark tone="warn">{t("plan.watch")}</Mark>}
                  </span>
                }
              >
                {offer && (
                  <Narrower
                    offer={offer}
                    disabled={planning.isPending}
                    onUse={() => planning.mutate({ request: withNarrower(request, offer), clientId: job.clientId })}
                  />
                )}
              </StepRow>
            );
          })}
        </StepList>
      </Card>
      <div className={styles.foot}>
        {plan.warnings.map((warning) => (
          <MessageBar key={warning.message} intent="warning" layout="multiline">
            <MessageBarBody>
              <Sentence text={warning.message} />
            </MessageBarBody>
          </MessageBar>
        ))}
        {planning.isError && (
          <ProblemView problem={planning.error} onRetry={() => planning.mutate({ request, clientId: job.clientId })} />
        )}
        {plan.changes > 0 && <Text className={styles.quiet}>{t("plan.undoable")}</Text>}
      </div>
      <div className={mergeClasses(styles.actions, styles.bar)}>
        {plan.changes > 0 && (
          <Button appearance="primary" onClick={make} disabledFocusable={planning.isPending}>
            {t("plan.make", { count: plan.changes })}
          </Button>
        )}
        <Button
          onClick={() => planning.mutate({ request, clientId: job.clientId })}
          disabledFocusable={planning.isPending}
        >
          {t("plan.again")}
        </Button>
        {planning.isPending && (
          <Spinner
            size="tiny"
            label={<Words id="plan.reading" values={{ tenant: <Name text={connection.tenantName} /> }} />}
          />
        )}
      </div>
    </Page>
  );
}

function Narrower({ offer, disabled, onUse }: { offer: NarrowerOffer; disabled: boolean; onUse: () => void }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <div className={styles.offer}>
      <span className={styles.offerText}>
        <strong>{t("plan.narrower")}</strong>: <Code>{offer.permission}</Code>. <Sentence text={offer.explanation} />
      </span>
      <Button size="small" onClick={onUse} disabledFocusable={disabled}>
        {t("plan.useIt", { permission: offer.permission })}
      </Button>
    </div>
  );
}

/** The same request with the narrower permission in place of the wider one. */
function withNarrower(request: SetupRequest, offer: NarrowerOffer): SetupRequest {
  const permissions = request.permissions.map((value) => (value === offer.insteadOf ? offer.permission : value));
  return { ...request, permissions: [...new Set(permissions)] };
}

function VerifyButton({ request, plan }: { request: SetupRequest; plan: PlanView }) {
  const { job } = useJob();
  if (request.kind === "managedIdentity") {
    return (
      <LinkButton appearance="primary" target={verification(request.objectId, request.permissions)}>
        <Words
          id="plan.verify"
          values={{ name: job.card === null ? <Sentence text={plan.subject} /> : <Name text={job.card.name} /> }}
        />
      </LinkButton>
    );
  }
  // A plan carries no id of its own: without the client id that the form knew, the name must do.
  const principal = request.app.kind === "existing" ? request.app.clientId : (job.clientId ?? request.name);
  return (
    <LinkButton appearance="primary" target={verification(principal, request.permissions)}>
      <Words id="plan.verify" values={{ name: <Name text={request.name} /> }} />
    </LinkButton>
  );
}
