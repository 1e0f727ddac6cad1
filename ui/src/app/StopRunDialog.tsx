import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { Problem } from "../backend/types";
import { ProblemView } from "../components/ProblemView";
import { useWords } from "../words/useWords";

const useStyles = makeStyles({
  actions: { justifyContent: "flex-end" },
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
});

/** Asks before something stops a run; holds what stood in the way of it. */
export function StopRunDialog({
  open,
  title,
  children,
  stay,
  onStay,
  stop,
  onStop,
  stopping,
  problem,
}: {
  open: boolean;
  title: string;
  children: ReactNode;
  /** The word for going on as before; none while it is too late for that. */
  stay: string;
  onStay?: () => void;
  stop: string;
  onStop: () => void;
  stopping: boolean;
  problem: Problem | null;
}) {
  const styles = useStyles();
  const t = useWords();
  return (
    <Dialog open={open} modalType="alert" onOpenChange={() => onStay?.()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent className={styles.content}>
            <span>{children}</span>
            {problem !== null && <ProblemView problem={problem} />}
          </DialogContent>
          <DialogActions fluid className={styles.actions}>
            {stopping && <Spinner size="tiny" label={t("run.cancelling")} />}
            <Button appearance="primary" onClick={onStay} disabledFocusable={onStay === undefined}>
              {stay}
            </Button>
            <Button onClick={onStop} disabledFocusable={stopping}>
              {stop}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
