import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  Spinner,
} from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useBackend } from "../../backend/context";
import { useAnnounce } from "../../components/Announcer";
import { ResetIcon } from "../../components/icons";
import { Mark } from "../../components/Mark";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";

/** Puts the practice tenant back to its first day, after asking. */
export function ResetPractice({ disabled }: { disabled: boolean }) {
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const [asking, setAsking] = useState(false);
  const reset = useMutation({
    mutationFn: () => backend.resetPractice(),
    onMutate: () => announce(t("connect.resetting")),
    onSuccess: ({ left }) => {
      setAsking(false);
      announce(left === null ? t("connect.resetDone") : `${t("connect.resetDone")} ${left}`);
    },
  });
  return (
    <>
      {reset.isSuccess && !asking && (
        <>
          <Mark tone="good">{t("connect.resetDone")}</Mark>
          {reset.data.left !== null && <Mark tone="warn">{reset.data.left}</Mark>}
        </>
      )}
      <Dialog open={asking} onOpenChange={(_, data) => setAsking(data.open || reset.isPending)}>
        <DialogTrigger disableButtonEnhancement>
          <Button appearance="subtle" size="small" icon={<ResetIcon />} disabled={disabled}>
            {t("connect.reset")}
          </Button>
        </DialogTrigger>
        <DialogSurface>
          <DialogBody>
            <DialogTitle>{t("connect.resetTitle")}</DialogTitle>
            <DialogContent>
              {t("connect.resetWhy")}
              {reset.isError && <ProblemView problem={reset.error} />}
            </DialogContent>
            <DialogActions>
              {reset.isPending && <Spinner size="tiny" label={t("connect.resetting")} />}
              <DialogTrigger disableButtonEnhancement>
                <Button appearance="primary" disabledFocusable={reset.isPending}>
                  {t("connect.resetKeep")}
                </Button>
              </DialogTrigger>
              <Button onClick={() => reset.mutate()} disabledFocusable={reset.isPending}>
                {t("connect.resetDo")}
              </Button>
            </DialogActions>
          </DialogBody>
        </DialogSurface>
      </Dialog>
    </>
  );
}
