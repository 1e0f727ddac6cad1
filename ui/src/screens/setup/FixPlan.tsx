import { Text } from "@fluentui/react-components";
import type { Origin } from "../../app/jobState";
import type { Fix, PlanView } from "../../backend/types";
import { Card } from "../../components/Card";
import { ShortId } from "../../components/Id";
import { BackButton, LinkButton } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Name } from "../../components/Name";
import { Page } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { KeptList } from "../../components/run/KeptList";
import { useWords, type WordId, Words } from "../../words/useWords";
import { OriginWords } from "./OriginLink";
import { PlanNotices } from "./PlanNotices";
import { PlanBar, PlanLead, usePlanAnnounced, usePlanStyles } from "./PlanParts";
import { PlanSteps } from "./PlanSteps";
import { countOf } from "./planCount";
import { usePlanning } from "./usePlanning";

/** Its heading, its button, and what can be taken back of it. */
function wordsOf(fix: Fix): { title: WordId; run: WordId; undo: WordId } {
  switch (fix.kind) {
    case "revoke":
      return { title: "fix.revoke", run: "fix.revoke", undo: "fix.revokeUndo" };
    case "removeSecret":
      return { title: "fix.removeSecret", run: "fix.removeSecretDo", undo: "fix.removeSecretUndo" };
    case "rotateSecret":
      return { title: "plan.title", run: "plan.make", undo: fix.removeOld ? "fix.rotateUndo" : "fix.undo" };
    default:
      return { title: "plan.title", run: "plan.make", undo: "fix.undo" };
  }
}

/** What mends a finding, before it is done. */
export function FixPlan({ plan, fix, from }: { plan: PlanView; fix: Fix; from: Origin }) {
  const styles = usePlanStyles();
  const t = useWords();
  const planning = usePlanning();
  const { changes } = countOf(plan);
  const nothing = changes === 0;
  const words = wordsOf(fix);
  const title = t(nothing ? "plan.title" : words.title, { count: changes });
  usePlanAnnounced(title);
  const again = () => planning.mutate({ fix, from });
  const tenant = <Name text={plan.tenantName} strong />;
  const removes =
    fix.kind === "revoke" || fix.kind === "removeSecret" || (fix.kind === "rotateSecret" && fix.removeOld);
  return (
    <Page
      back={
        <BackButton target={from.target}>
          <OriginWords from={from} word="back" />
        </BackButton>
      }
      title={title}
      titleText={title}
      lead={<PlanLead plan={plan} />}
    >
      {nothing ? (
        <Card>
          <Mark tone="good">
            <Words id="plan.nothing" values={{ tenant }} />
          </Mark>
          <Text>{t("plan.nothingWhat")}</Text>
          <div className={styles.actions}>
            <LinkButton appearance="primary" target={from.target}>
              <OriginWords from={from} word="again" />
            </LinkButton>
          </div>
        </Card>
      ) : (
        <Text className={styles.quiet}>{t("plan.lead")}</Text>
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
            {removes && (
              <Mark tone="removes">
                <Words id="fix.takes" values={{ tenant, id: <ShortId id={plan.tenantId} /> }} />
              </Mark>
            )}
            <Text className={styles.quiet}>{t(words.undo, { count: changes })}</Text>
          </>
        )}
      </div>
      <PlanBar
        plan={plan}
        run={nothing ? null : t(words.run, { count: changes })}
        reading={planning.isPending}
        onAgain={again}
      />
    </Page>
  );
}
