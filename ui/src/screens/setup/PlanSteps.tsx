import { Button, makeStyles, tokens } from "@fluentui/react-components";
import type { NarrowerOffer, PlanView, StepEffect, StepView } from "../../backend/types";
import { Card } from "../../components/Card";
import { Code } from "../../components/Id";
import { Mark, type Tone } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { StepList, StepRow } from "../../components/run/StepRow";
import { StandingMark } from "../../components/standing/StandingMark";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
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
  willAskConsent: "info",
  willRemove: "removes",
};

/** The steps of a plan in order: what will happen, and whether this operator can do it. */
export function PlanSteps({
  plan,
  disabled,
  onNarrower,
}: {
  plan: PlanView;
  disabled: boolean;
  /** None where the request cannot be changed any more. */
  onNarrower?: (offer: NarrowerOffer) => void;
}) {
  const t = useWords();
  return (
    <Card flush>
      <StepList label={t("plan.steps")}>
        {plan.steps.map((step) => {
          const offer = plan.narrower?.insteadOf === step.term ? plan.narrower : null;
          return (
            <StepRow
              key={step.number}
              number={step.number}
              title={step.title}
              term={step.term}
              note={step.note !== null && <Sentence text={step.note} />}
              settled={step.effect === "alreadySo"}
              requests={step.requests}
              state={<Outlook step={step} warned={plan.warnings.some(({ steps }) => steps.includes(step.number))} />}
            >
              {offer && onNarrower && <Narrower offer={offer} disabled={disabled} onUse={() => onNarrower(offer)} />}
            </StepRow>
          );
        })}
      </StepList>
    </Card>
  );
}

function Outlook({ step, warned }: { step: StepView; warned: boolean }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <span className={styles.state}>
      <Mark tone={EFFECTS[step.effect]}>{t(`effect.${step.effect}`)}</Mark>
      {step.standing !== null && <StandingMark standing={step.standing} quiet />}
      {warned && <Mark tone="warn">{t("plan.watch")}</Mark>}
    </span>
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
