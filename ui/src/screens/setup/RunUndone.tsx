import { makeStyles, tokens } from "@fluentui/react-components";
import type { PlanView, RunView } from "../../backend/types";
import { Card } from "../../components/Card";
import { SaveEvidence } from "../../components/evidence/SaveEvidence";
import { LinkButton } from "../../components/LinkButton";
import { Mark } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { Page, Section } from "../../components/Page";
import { Debts } from "../../components/run/Debts";
import { KeptList } from "../../components/run/KeptList";
import { MadeList } from "../../components/run/MadeList";
import { RunSteps } from "../../components/run/RunSteps";
import { useWords } from "../../words/useWords";
import { AnotherButton } from "./Onward";
import { AgainButton } from "./OriginLink";
import { useRequests } from "./useRequests";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** After a run was undone: what is gone, and what stays. */
export function RunUndone({ run, plan }: { run: RunView; plan: PlanView }) {
  const styles = useStyles();
  const t = useWords();
  const requests = useRequests();
  const title = t("run.undone");
  const stays = run.made.filter(({ removed }) => removed === null);
  return (
    <Page
      title={title}
      titleText={title}
      lead={
        <Mark tone="good">
          <Sentence text={run.summary} />
        </Mark>
      }
    >
      <Debts run={run} />
      <div className={styles.actions}>
        <AgainButton primary />
        <LinkButton target={{ to: "/activity/$run", params: { run: run.id } }}>{t("run.inActivity")}</LinkButton>
        <SaveEvidence subject={{ kind: "run", id: run.id }} />
        <AnotherButton />
      </div>
      {run.made.length > 0 && (
        <Section title={t("run.removed")}>
          <Card>
            <MadeList made={run.made.filter(({ removed }) => removed !== null)} none="run.removedNothing" />
          </Card>
        </Section>
      )}
      {plan.kept.length > 0 && <KeptList kept={plan.kept} />}
      {plan.kept.length === 0 && run.made.length > 0 && (
        <Section title={t("run.stays")}>
          <Card>
            <MadeList made={stays} none="run.staysNothing" />
          </Card>
        </Section>
      )}
      <Section title={t("run.stepsTitle")}>
        <RunSteps steps={run.steps} requests={requests} />
      </Section>
    </Page>
  );
}
