import { useCallback, useEffect, useRef, useState } from "react";
import { useBackend } from "../backend/context";
import { toProblem } from "../backend/problem";
import type { Problem } from "../backend/types";
import { useAnnounce } from "../components/Announcer";
import { Sentence } from "../components/Name";
import { useWords, Words } from "../words/useWords";
import { useJob } from "./job";
import { waitingSecret } from "./jobState";
import { StopRunDialog } from "./StopRunDialog";
import { useSession } from "./session";

/** Asks before the window closes in the middle of a run. Rust keeps it open until it has the answer. */
export function Closing() {
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const { job } = useJob();
  const { locked } = useSession();
  const [asking, setAsking] = useState(false);
  const [closing, setClosing] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => {
    backend.watchClosing(() => setAsking(true)).catch(() => undefined);
  }, [backend]);

  const keep = useCallback(() => {
    setAsking(false);
    setProblem(null);
    backend.keepOpen().catch(() => undefined);
  }, [backend]);

  // A run that ends meanwhile leaves nothing to ask.
  const ran = useRef(false);
  useEffect(() => {
    if (ran.current && !job.running && asking && !closing) {
      keep();
    }
    ran.current = job.running;
  }, [job.running, asking, closing, keep]);

  const close = async () => {
    setProblem(null);
    setClosing(true);
    announce(t("run.cancelling"));
    try {
      await backend.closeWindow();
    } catch (thrown) {
      setProblem(toProblem(thrown));
      setClosing(false);
    }
  };

  return (
    <StopRunDialog
      open={asking}
      title={t("close.title")}
      stay={t("close.stay")}
      onStay={closing ? undefined : keep}
      stop={t("close.stop")}
      onStop={close}
      stopping={closing}
      problem={problem}
    >
      {/* A page that was reloaded does not know whom the run is for, and a locked one does not say it. */}
      <Words
        id="close.why"
        values={{ subject: <Sentence text={(locked ? null : job.plan?.subject) ?? t("close.someone")} /> }}
      />
      {waitingSecret(job) !== null && <> {t("close.secret")}</>}
    </StopRunDialog>
  );
}
