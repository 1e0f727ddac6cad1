import { Button, makeStyles, mergeClasses, Spinner, Text, tokens } from "@fluentui/react-components";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import type { NarrowerOffer, OpenedConsent, PlanView, SetupRequest } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { ShortId } from "../../components/Id";
import { BackButton, LinkButton, verification } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords, Words } from "../../words/useWords";
import { PlanNotices } from "./PlanNotices";
import { PlanSteps } from "./PlanSteps";
import { countOf } from "./planCount";
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
});

/** What will be done, before it is done. */
export function PlanPage() {
  const { job } = useJob();
  if (job.running) {
    return <Navigate to="/setup/run" />;
  }
  const { plan, request, consent } = job;
  if (plan === null || (request === null && consent === null)) {
    return <Navigate to="/setup" />;
  }
  // A plan made anew is a new page: its heading takes the focus.
  return <Plan key={plan.id} plan={plan} request={request} consent={consent} />;
}

function Plan({
  plan,
  request,
  consent,
}: {
  plan: PlanView;
  request: SetupRequest | null;
  consent: OpenedConsent | null;
}) {
  const styles = useStyles();
  const t = useWords();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const { connection } = useConnection();
  const { job, start } = useJob();
  const planning = usePlanning();
  const counts = countOf(plan);
  const nothing = counts.changes === 0 && counts.asks === 0;
  const title = t(counts.asks === 0 ? "plan.title" : "plan.titleAsk", { count: counts.changes, asks: counts.asks });

  const used = useRef(false);
  useEffect(() => {
    if (!used.current) {
      used.current = true;
      announce(title);
    }
  }, [announce, title]);

  const planFor = (changed: SetupRequest) => planning.mutate({ request: changed, clientId: job.clientId });
  const again = () => {
    if (consent !== null) {
      planning.mutate({ consent });
    } else if (request !== null) {
      planFor(request);
    }
  };
  const make = () => {
    start(plan);
    navigate({ to: "/setup/run" });
  };

  return (
    <Page
      back={
        <BackButton target={{ to: consent !== null ? "/consent" : formOf(request) }}>
          {t(consent !== null ? "plan.backToRequest" : "plan.change")}
        </BackButton>
      }
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
      {nothing ? (
        <Card>
          <Mark tone="good">
            <Words id="plan.nothing" values={{ tenant: <Name text={plan.tenantName} strong /> }} />
          </Mark>
          <Text>{t("plan.nothingWhat")}</Text>
          <div className={styles.actions}>
            <VerifyButton request={request} consent={consent} plan={plan} />
          </div>
        </Card>
      ) : (
        <Text className={styles.quiet}>{t("plan.lead")}</Text>
      )}
      <PlanSteps
        plan={plan}
        disabled={planning.isPending}
        onNarrower={(offer) => request !== null && planFor(withNarrower(request, offer))}
      />
      <div className={styles.foot}>
        <PlanNotices
          plan={plan}
          asksConsent={request?.askConsent ?? null}
          disabled={planning.isPending}
          onActivated={again}
          onAskConsent={(askConsent) => request !== null && planFor({ ...request, askConsent })}
        />
        {planning.isError && <ProblemView problem={planning.error} onRetry={again} />}
        {!nothing && <Text className={styles.quiet}>{t("plan.undoable")}</Text>}
      </div>
      <div className={mergeClasses(styles.actions, styles.bar)}>
        {!nothing && (
          <Button appearance="primary" onClick={make} disabledFocusable={planning.isPending}>
            {t(counts.asks === 0 ? "plan.make" : "plan.makeAndAsk", { count: counts.changes, asks: counts.asks })}
          </Button>
        )}
        <Button onClick={again} disabledFocusable={planning.isPending}>
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

/** The form that a request came from. */
function formOf(request: SetupRequest | null): "/setup/app" | "/setup/identity" {
  return request?.kind === "managedIdentity" ? "/setup/identity" : "/setup/app";
}

/** The same request with the narrower permission in place of the wider one. */
function withNarrower(request: SetupRequest, offer: NarrowerOffer): SetupRequest {
  const permissions = request.permissions.map((value) => (value === offer.insteadOf ? offer.permission : value));
  return { ...request, permissions: [...new Set(permissions)] };
}

function VerifyButton({
  request,
  consent,
  plan,
}: {
  request: SetupRequest | null;
  consent: OpenedConsent | null;
  plan: PlanView;
}) {
  const { job } = useJob();
  const subject = <Sentence text={plan.subject} />;
  if (consent !== null) {
    const { principal, permissions } = consent.request;
    return (
      <LinkButton
        appearance="primary"
        target={verification(
          principal.objectId,
          permissions.map(({ value }) => value),
        )}
      >
        <Words id="plan.verify" values={{ name: <Name text={principal.name} /> }} />
      </LinkButton>
    );
  }
  if (request === null) {
    return null;
  }
  if (request.kind === "managedIdentity") {
    return (
      <LinkButton appearance="primary" target={verification(request.objectId, request.permissions)}>
        <Words id="plan.verify" values={{ name: job.card === null ? subject : <Name text={job.card.name} /> }} />
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
