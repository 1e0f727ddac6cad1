import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useConnection } from "../../app/connection";
import { useJob } from "../../app/job";
import type { RunView } from "../../backend/types";
import { Name } from "../../components/Name";
import { ProblemView } from "../../components/ProblemView";
import { useWords, Words } from "../../words/useWords";
import { usePlanning } from "../setup/usePlanning";
import { stillWords } from "./unfinished";
import { useLeaveAsIs } from "./useLeaveAsIs";

const useStyles = makeStyles({
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  what: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXS,
  },
});

/** Continue, Undo and Leave for a run of this tenant that did not come to its end, as far as each can be done. */
export function RunWays({
  run,
  quiet = false,
  onLeft,
  children,
}: {
  run: RunView;
  /** Where something else is what the page is for. */
  quiet?: boolean;
  onLeft?: (run: RunView) => void;
  /** More to do about it, beside these. */
  children?: ReactNode;
}) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  const { job } = useJob();
  const planning = usePlanning();
  const leaving = useLeaveAsIs(onLeft);
  const { canContinue, canUndo, canLeave } = run.ways;
  const still = stillWords(run);
  const undoing = run.doing === "undo";
  const busy = planning.isPending || leaving.isPending || job.running;
  const primary = quiet ? undefined : "primary";
  return (
    <>
      <div className={styles.actions}>
        {canContinue && (
          <Button
            appearance={undoing && canUndo ? undefined : primary}
            onClick={() => planning.mutate({ continues: run.id })}
            disabledFocusable={busy}
          >
            {t("ways.continue")}
          </Button>
        )}
        {canUndo && (
          <Button
            appearance={undoing || !canContinue ? primary : undefined}
            onClick={() => planning.mutate({ undoes: run.id })}
            disabledFocusable={busy}
          >
            {t(undoing ? "ways.undoRest" : "ways.undo")}
          </Button>
        )}
        {canLeave && (
          <Button onClick={() => leaving.mutate(run)} disabledFocusable={busy}>
            {t("ways.leave")}
          </Button>
        )}
        {children}
        {planning.isPending && (
          <Spinner
            size="tiny"
            label={<Words id="ways.reading" values={{ tenant: <Name text={connection.tenantName} /> }} />}
          />
        )}
        {leaving.isPending && <Spinner size="tiny" label={t("ways.leaving")} />}
      </div>
      <div className={styles.what}>
        {job.running && <span>{t("ways.busy")}</span>}
        {canContinue && <span>{t("ways.continueWhat")}</span>}
        {canUndo && <span>{t("ways.undoWhat")}</span>}
        {canLeave && (
          <span>
            {t("ways.leaveWhat")} {still !== null && t(still)}
          </span>
        )}
        {run.left !== null && <span>{t("ways.wasLeft")}</span>}
      </div>
      {planning.isError && <ProblemView problem={planning.error} />}
      {leaving.isError && <ProblemView problem={leaving.error} />}
    </>
  );
}

/** For a run that ended well, which is nothing to be asked about. */
export function UndoButton({ run }: { run: RunView }) {
  const t = useWords();
  const { job } = useJob();
  const planning = usePlanning();
  if (!run.ways.canUndo) {
    return null;
  }
  return (
    <>
      <Button
        appearance="subtle"
        onClick={() => planning.mutate({ undoes: run.id })}
        disabledFocusable={planning.isPending || job.running}
        title={job.running ? t("ways.busy") : undefined}
      >
        {t("ways.undoRun")}
      </Button>
      {planning.isPending && <Spinner size="tiny" label={t("word.loading")} />}
      {planning.isError && <ProblemView problem={planning.error} />}
    </>
  );
}
