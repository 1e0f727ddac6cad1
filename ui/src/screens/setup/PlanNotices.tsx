import { Button, MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { PlanView, Standing } from "../../backend/types";
import { Sentence } from "../../components/Name";
import { Activations } from "../../components/standing/Activations";
import { useWords } from "../../words/useWords";
import { stepNumbers } from "./planCount";

const useStyles = makeStyles({
  body: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, alignItems: "flex-start" },
  // A message bar gives its body no room below.
  bar: { paddingBlock: tokens.spacingVerticalS },
});

/** What to know before the plan is run: who can do what, what another can be asked for, and Rust's own warnings. */
export function PlanNotices({
  plan,
  asksConsent,
  disabled,
  onActivated,
  onAskConsent,
}: {
  plan: PlanView;
  /** The request leaves its grants to another; none where that is nothing to choose. */
  asksConsent: boolean | null;
  disabled: boolean;
  /** A role is active now. */
  onActivated: () => void;
  onAskConsent: (ask: boolean) => void;
}) {
  const t = useWords();
  const asked = plan.steps.filter(({ effect }) => effect === "willAskConsent").map(({ number }) => number);
  const offer = asksConsent === null ? null : plan.consentOffer;
  return (
    <>
      {standings(plan, offer?.steps ?? []).map(({ standing, steps }) => (
        <Notice key={standing.reason} warning={standing.able === "needsOther"}>
          <Sentence
            text={t("plan.standing", {
              count: steps.length,
              steps: stepNumbers(t, steps),
              reason: standing.reason,
            })}
          />
          {standing.able === "activateFirst" && (
            <Activations roles={standing.activate} onActivated={({ active }) => active && onActivated()} />
          )}
        </Notice>
      ))}
      {offer !== null && (
        <Notice title={t("plan.handOverTitle")}>
          <span>
            <Sentence text={offer.explanation} /> {t("plan.handOverWhat")}
          </span>
          <Button disabledFocusable={disabled} onClick={() => onAskConsent(true)}>
            {t("plan.handOver", { count: offer.steps.length })}
          </Button>
        </Notice>
      )}
      {asked.length > 0 && (
        <Notice>
          <span>{t("plan.handedOver", { count: asked.length, steps: stepNumbers(t, asked) })}</span>
          {asksConsent === true && (
            <Button size="small" disabledFocusable={disabled} onClick={() => onAskConsent(false)}>
              {t("plan.takeBack", { count: asked.length })}
            </Button>
          )}
        </Notice>
      )}
      {plan.warnings.map(({ message }) => (
        <Notice key={message} warning>
          <Sentence text={message} />
        </Notice>
      ))}
    </>
  );
}

function Notice({ warning = false, title, children }: { warning?: boolean; title?: string; children: ReactNode }) {
  const styles = useStyles();
  return (
    <MessageBar intent={warning ? "warning" : "info"} layout="multiline" className={styles.bar}>
      <MessageBarBody>
        <div className={styles.body}>
          {title !== undefined && <MessageBarTitle>{title}</MessageBarTitle>}
          {children}
        </div>
      </MessageBarBody>
    </MessageBar>
  );
}

/** The steps that this operator cannot simply do, those of one reason together; the offer speaks for its own. */
function standings({ steps }: PlanView, offered: number[]): { standing: Standing; steps: number[] }[] {
  const found: { standing: Standing; steps: number[] }[] = [];
  for (const { number, standing } of steps) {
    if (standing === null || standing.able === "can" || (standing.able === "needsOther" && offered.includes(number))) {
      continue;
    }
    const same = found.find(
      (other) => other.standing.able === standing.able && other.standing.reason === standing.reason,
    );
    if (same === undefined) {
      found.push({ standing, steps: [number] });
    } else {
      same.steps.push(number);
    }
  }
  return found;
}
