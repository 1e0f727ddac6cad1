import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import { useBackend } from "../../backend/context";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS, alignItems: "flex-start" },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** Opens the file of somebody who asks for consent, and shows what it asks. */
export function OpenRequest({ another = false }: { another?: boolean }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const navigate = useNavigate();
  const { job, opened } = useJob();
  const open = useMutation({
    mutationFn: () => backend.openConsentRequest(),
    onSuccess: (request) => {
      if (request !== null) {
        opened(request);
        navigate({ to: "/consent" });
      }
    },
  });
  return (
    <div className={styles.box}>
      <div className={styles.row}>
        <Button onClick={() => !open.isPending && open.mutate()} disabledFocusable={open.isPending || job.running}>
          {t(another ? "request.another" : "request.open")}
        </Button>
        {open.isPending && <Spinner size="tiny" label={t("request.opening")} />}
      </div>
      {open.isError && <ProblemView problem={open.error} />}
    </div>
  );
}
