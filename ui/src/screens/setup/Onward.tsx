import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import type { RunView } from "../../backend/types";
import { LinkButton } from "../../components/LinkButton";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";
import { requestForTheRest, usePlanning } from "./usePlanning";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** What one can do after a run that did not reach its end. */
export function Onward({ run }: { run: RunView | null }) {
  const styles = useStyles();
  const t = useWords();
  const { job } = useJob();
  const planning = usePlanning();
  const { request, consent } = job;
  return (
    <>
      <div className={styles.actions}>
        {consent !== null && (
          <>
            <Button
              appearance="primary"
              onClick={() => planning.mutate({ consent })}
              disabledFocusable={planning.isPending}
            >
              {t("run.left")}
            </Button>
            <LinkButton target={{ to: "/consent" }}>{t("plan.backToRequest")}</LinkButton>
          </>
        )}
        {request !== null && (
          <>
            <Button
              appearance="primary"
              onClick={() => planning.mutate({ request: requestForTheRest(request, run), clientId: job.clientId })}
              disabledFocusable={planning.isPending}
            >
              {t("run.left")}
            </Button>
            <LinkButton target={{ to: request.kind === "appRegistration" ? "/setup/app" : "/setup/identity" }}>
              {t("run.change")}
            </LinkButton>
          </>
        )}
        <AnotherButton />
      </div>
      {planning.isError && <ProblemView problem={planning.error} />}
    </>
  );
}

/** Begins another set-up, with empty forms. */
export function AnotherButton() {
  const t = useWords();
  const navigate = useNavigate();
  const { clear } = useJob();
  return (
    <Button
      onClick={() => {
        clear(false);
        navigate({ to: "/setup" });
      }}
    >
      {t("run.another")}
    </Button>
  );
}
