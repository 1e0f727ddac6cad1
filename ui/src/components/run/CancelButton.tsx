import { Button, Spinner } from "@fluentui/react-components";
import { useJob } from "../../app/job";
import { useWords } from "../../words/useWords";
import { useAnnounce } from "../Announcer";

/** Cancels the run that goes on. It stays where it is, with the focus, until the run has stopped. */
export function CancelButton() {
  const t = useWords();
  const announce = useAnnounce();
  const { job, cancel } = useJob();
  return (
    <>
      <Button
        onClick={() => {
          announce(t("run.cancelling"));
          cancel();
        }}
        disabledFocusable={job.cancelling}
      >
        {t("run.cancel")}
      </Button>
      {job.cancelling && <Spinner size="tiny" label={t("run.cancelling")} />}
    </>
  );
}
