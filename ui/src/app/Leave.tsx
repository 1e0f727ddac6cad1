import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Spinner,
} from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from "react";
import { useBackend } from "../backend/context";
import { toProblem } from "../backend/problem";
import { useAnnounce } from "../components/Announcer";
import { Name } from "../components/Name";
import { useWords, Words } from "../words/useWords";
import { useSetConnection } from "./connection";
import { useJob } from "./job";

const LeaveContext = createContext<() => void>(() => undefined);

/** `leave()`: ends the session, and asks first while a run goes on. */
export function useLeave(): () => void {
  return useContext(LeaveContext);
}

/** Holds the question, so that it outlives the menu or banner whose button asked it. */
export function LeaveProvider({ children }: { children: ReactNode }) {
  const t = useWords();
  const backend = useBackend();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const setConnection = useSetConnection();
  const { job, cancel, clear } = useJob();
  const [asking, setAsking] = useState(false);
  const [leaving, setLeaving] = useState(false);

  const go = useCallback(async () => {
    setAsking(false);
    try {
      await backend.disconnect();
    } catch (thrown) {
      announce(toProblem(thrown).message);
      return;
    }
    clear(false);
    setConnection(null);
    navigate({ to: "/" });
  }, [backend, announce, clear, setConnection, navigate]);

  // Rust lets nobody leave while a run goes on: it is stopped first, and its end is waited for.
  useEffect(() => {
    if (leaving && !job.running) {
      setLeaving(false);
      void go();
    }
  }, [leaving, job.running, go]);

  const leave = useMemo(() => (job.running ? () => setAsking(true) : () => void go()), [job.running, go]);

  return (
    <LeaveContext.Provider value={leave}>
      {children}
      <Dialog open={asking} modalType="alert" onOpenChange={(_, data) => setAsking(data.open)}>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{t("leave.title")}</DialogTitle>
            <DialogContent>
              <Words id="leave.why" values={{ subject: <Name text={job.plan?.subject ?? ""} /> }} />
            </DialogContent>
            <DialogActions>
              <Button
                appearance="primary"
                onClick={() => {
                  setLeaving(false);
                  setAsking(false);
                }}
              >
                {t("leave.stay")}
              </Button>
              {leaving ? (
                <Spinner size="tiny" label={t("run.cancelling")} />
              ) : (
                <Button
                  onClick={() => {
                    setLeaving(true);
                    cancel();
                  }}
                >
                  {t("leave.stop")}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </LeaveContext.Provider>
  );
}
