import { Button, Spinner } from "@fluentui/react-components";
import { useJob } from "../../app/job";
import { useWords } from "../../words/useWords";
import { useAnnounce } from "../Announcer";

/** Cancels the run that goes on. It stays where it is, with the focus, until the run has stopped. */
export function CancelButton() {
  const { job, cancel } = useJob();
  return <CancelRun cancelling={job.cancelling} onCancel={cancel} />;
}

/** The same for a run that this page did not start. */
export function CancelRun({ cancelling, onCancel }: { cancelling: boolean; onCancel: () => void }) {
  const t = useWords();
  const announce = useAnnounce();
  return (
    <>
      <Button
        onClick={() => {
          announce(t("run.cancelling"));
          onCancel();
        }}
        disabledFocusable={cancelling}
      >
        {t("run.cancel")}
      </Button>
      {cancelling && <Spinner size="tiny" label={t("run.cancelling")} />}
    </>
  );
}
