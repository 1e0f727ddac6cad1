import { Button } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import type { Code, RunView } from "../../backend/types";
import { useWords } from "../../words/useWords";

const KEYCHAIN: Code[] = ["keychainAbsent", "keychainLocked", "keychainDeclined", "keychainFailed"];

/** Whether the keychain is what stood in the way. */
function keychainFailed({ steps }: RunView): boolean {
  return steps.some(({ state }) => state.kind === "failed" && KEYCHAIN.includes(state.problem.code));
}

/** Where the keychain stood in the way: back to the form, with showing the secret chosen in its place. */
export function ShowInstead({ run }: { run: RunView }) {
  const t = useWords();
  const navigate = useNavigate();
  const { job, keepAppForm } = useJob();
  const form = job.appForm;
  if (form === null || job.request?.kind !== "appRegistration" || !keychainFailed(run)) {
    return null;
  }
  // What the run has made already is meant, not one more of it.
  const made = run.made.find(({ idName }) => idName === "client id")?.id;
  const choice = form.choice === "another" && made !== undefined ? made : form.choice;
  return (
    <Button
      onClick={() => {
        // As settled, for what ended stays to be looked at until there is another plan.
        keepAppForm({ ...form, choice, secretGoes: "shownOnce" }, true);
        navigate({ to: "/setup/app" });
      }}
    >
      {t("newSecret.instead")}
    </Button>
  );
}
