import { Text } from "@fluentui/react-components";
import type { PlanView, StepKind } from "../../backend/types";
import { Card } from "../../components/Card";
import { ShortId } from "../../components/Id";
import { BackButton, LinkButton } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { KeptList } from "../../components/run/KeptList";
import { useWords, Words } from "../../words/useWords";
import { PlanNotices } from "./PlanNotices";
import { PlanBar, PlanLead, usePlanAnnounced, usePlanStyles } from "./PlanParts";
import { PlanSteps } from "./PlanSteps";
import { countOf, onlyRemoves } from "./planCount";
import { askedAgain, usePlanning } from "./usePlanning";

const RESTORABLE: StepKind[] = ["deleteApp", "deleteServicePrincipal"];
const FINAL: StepKind[] = ["revokeGrant", "removeSecret"];

/** What undoing a run would remove, what it would leave and why, before anything is removed. */
export function UndoPlan({ plan }: { plan: PlanView }) {
  const styles = usePlanStyles();
  const t = useWords();
  const planning = usePlanning();
  const { changes } = countOf(plan);
  const nothing = changes === 0;
  // What stays may be taken back later; where nothing stays the run is over.
  const allGone = nothing && plan.kept.length === 0;
  const removing = onlyRemoves(plan);
  const title = t(removing ? "plan.undoTitle" : "fix.undoTitle", { count: changes });
  usePlanAnnounced(title);

  const removes = (kinds: StepKind[]) =>
    plan.steps.some(({ kind, effect }) => effect === "willRemove" && kinds.includes(kind));
  const again = () => {
    const before = askedAgain(plan);
    if (before !== null) {
      planning.mutate(before);
    }
  };
  const toRun = { to: "/activity/$run", params: { run: plan.runId ?? "" } } as const;
  const tenant = <Name text={plan.tenantName} strong />;

  return (
    <Page
      back={<BackButton target={toRun}>{t("plan.backToRun")}</BackButton>}
      title={title}
      titleText={title}
      lead={<PlanLead plan={plan} />}
    >
      {nothing ? (
        <Card>
          <Mark tone="settled">
            <Words id="plan.undoNothing" values={{ tenant }} />
          </Mark>
          <Text>{t(allGone ? "plan.undoGone" : "plan.undoStays")}</Text>
          {!allGone && (
            <div className={styles.actions}>
              <LinkButton appearance="primary" target={toRun}>
                {t("plan.backToRun")}
              </LinkButton>
            </div>
          )}
        </Card>
      ) : (
        <Text className={styles.quiet}>{t(removing ? "plan.undoLead" : "fix.undoLead")}</Text>
      )}
      {plan.steps.length > 0 && <PlanSteps plan={plan} disabled={planning.isPending} />}
      <KeptList kept={plan.kept} />
      <div className={styles.foot}>
        <PlanNotices
          plan={plan}
          asksConsent={null}
          disabled={planning.isPending}
          onActivated={again}
          onAskConsent={() => undefined}
        />
        {planning.isError && <ProblemView problem={planning.error} onRetry={again} />}
        {!nothing && (
          <>
            <Mark tone={removing ? "removes" : "adds"}>
              <Words
                id={removing ? "plan.undoConfirm" : "fix.undoConfirm"}
                values={{ count: changes, tenant, id: <ShortId id={plan.tenantId} /> }}
              />
            </Mark>
            <Text className={styles.quiet}>
              {removes(RESTORABLE) && t("plan.undoSoft")} {removes(FINAL) && t("plan.undoHard")}
            </Text>
          </>
        )}
      </div>
      <PlanBar
        plan={plan}
        run={
          allGone
            ? t("plan.noteUndone")
            : nothing
              ? null
              : t(removing ? "plan.remove" : "plan.make", { count: changes })
        }
        reading={planning.isPending}
        onAgain={again}
      />
    </Page>
  );
}
