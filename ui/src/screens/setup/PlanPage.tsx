import { Text } from "@fluentui/react-components";
import { Navigate } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import type { NarrowerOffer, OpenedConsent, PlanView, SetupRequest } from "../../backend/types";
import { Card } from "../../components/Card";
import { BackButton, LinkButton, verification } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { useWords, Words } from "../../words/useWords";
import { FixPlan } from "./FixPlan";
import { formOf } from "./Onward";
import { PlanNotices } from "./PlanNotices";
import { PlanBar, PlanLead, usePlanAnnounced, usePlanStyles } from "./PlanParts";
import { PlanSteps } from "./PlanSteps";
import { countOf } from "./planCount";
import { UndoPlan } from "./UndoPlan";
import { askedAgain, usePlanning } from "./usePlanning";

/** What will be done, before it is done. */
export function PlanPage() {
  const { job } = useJob();
  if (job.running) {
    return <Navigate to="/setup/run" />;
  }
  const { plan, request, consent, fix, from } = job;
  if (plan === null || (request === null && consent === null && fix === null && plan.runId === null)) {
    return <Navigate to="/setup" />;
  }
  // A plan made anew is a new page: its heading takes the focus.
  if (fix !== null && from !== null) {
    return <FixPlan key={plan.id} plan={plan} fix={fix} from={from} />;
  }
  if (plan.doing === "undo") {
    return <UndoPlan key={plan.id} plan={plan} />;
  }
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
  const styles = usePlanStyles();
  const t = useWords();
  const { job } = useJob();
  const planning = usePlanning();
  const { changes, asks } = countOf(plan);
  const nothing = changes === 0 && asks === 0;
  const continues = plan.runId !== null;
  const words = continues
    ? (["plan.continueTitle", "plan.continueTitleAsk"] as const)
    : (["plan.title", "plan.titleAsk"] as const);
  const title = t(words[asks === 0 ? 0 : 1], { count: changes, asks });
  usePlanAnnounced(title);

  const planFor = (changed: SetupRequest) => planning.mutate({ request: changed, clientId: job.clientId });
  const again = () => {
    const before = askedAgain(plan);
    if (before !== null) {
      planning.mutate(before);
    } else if (consent !== null) {
      planning.mutate({ consent });
    } else if (request !== null) {
      planFor(request);
    }
  };
  const run = nothing
    ? continues
      ? t("plan.finish")
      : null
    : t(asks === 0 ? "plan.make" : "plan.makeAndAsk", { count: changes, asks });

  return (
    <Page
      back={<BackToAsked plan={plan} request={request} consent={consent} />}
      title={title}
      titleText={title}
      lead={<PlanLead plan={plan} />}
    >
      {nothing ? (
        <Card>
          <Mark tone="good">
            <Words id="plan.nothing" values={{ tenant: <Name text={plan.tenantName} strong /> }} />
          </Mark>
          <Text>{t(continues ? "plan.continueNothing" : "plan.nothingWhat")}</Text>
          {!continues && (
            <div className={styles.actions}>
              <VerifyButton request={request} consent={consent} plan={plan} />
            </div>
          )}
        </Card>
      ) : (
        <Text className={styles.quiet}>{t("plan.lead")}</Text>
      )}
      <PlanSteps
        plan={plan}
        disabled={planning.isPending}
        onNarrower={request === null ? undefined : (offer) => planFor(withNarrower(request, offer))}
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
      <PlanBar plan={plan} run={run} reading={planning.isPending} onAgain={again} />
    </Page>
  );
}

/** Back to where the plan was asked for. */
function BackToAsked({
  plan,
  request,
  consent,
}: {
  plan: PlanView;
  request: SetupRequest | null;
  consent: OpenedConsent | null;
}) {
  const t = useWords();
  if (plan.runId !== null) {
    return (
      <BackButton target={{ to: "/activity/$run", params: { run: plan.runId } }}>{t("plan.backToRun")}</BackButton>
    );
  }
  return (
    <BackButton target={{ to: consent !== null ? "/consent" : formOf(request) }}>
      {t(consent !== null ? "plan.backToRequest" : "plan.change")}
    </BackButton>
  );
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
