import { Button, makeStyles, mergeClasses, Spinner, tokens } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef } from "react";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import type { PlanView } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { ShortId } from "../../components/Id";
import { Name } from "../../components/Name";
import { ScriptsButton } from "../../components/scripts/ScriptsDialog";
import { useWords, Words } from "../../words/useWords";
import { Subject } from "./Subject";

/** What the pages of a plan, whatever it is about, have in common. */
export const usePlanStyles = makeStyles({
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

/** Where, and for whom. */
export function PlanLead({ plan }: { plan: PlanView }) {
  return (
    <Words
      id="plan.in"
      values={{
        tenant: <Name text={plan.tenantName} strong />,
        id: <ShortId id={plan.tenantId} />,
        subject: <Subject plan={plan} />,
      }}
    />
  );
}

/** Says the plan's title once. */
export function usePlanAnnounced(title: string): void {
  const announce = useAnnounce();
  const said = useRef(false);
  useEffect(() => {
    if (!said.current) {
      said.current = true;
      announce(title);
    }
  }, [announce, title]);
}

/** Runs the plan, or reads the tenant again for another one. */
export function PlanBar({
  plan,
  run,
  reading,
  onAgain,
}: {
  plan: PlanView;
  /** The word for running it; none when there is nothing to run. */
  run: ReactNode;
  reading: boolean;
  onAgain: () => void;
}) {
  const styles = usePlanStyles();
  const t = useWords();
  const navigate = useNavigate();
  const { connection } = useConnection();
  const { start } = useJob();
  return (
    <div className={mergeClasses(styles.actions, styles.bar)}>
      {run !== null && (
        <Button
          appearance="primary"
          onClick={() => {
            start(plan);
            navigate({ to: "/setup/run" });
          }}
          disabledFocusable={reading}
        >
          {run}
        </Button>
      )}
      <Button onClick={onAgain} disabledFocusable={reading}>
        {t("plan.again")}
      </Button>
      {run !== null && <ScriptsButton of={{ kind: "plan", id: plan.id }} />}
      {reading && (
        <Spinner
          size="tiny"
          label={<Words id="plan.reading" values={{ tenant: <Name text={connection.tenantName} /> }} />}
        />
      )}
    </div>
  );
}
