import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  DialogTrigger,
  makeStyles,
  Skeleton,
  SkeletonItem,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useBackend } from "../../backend/context";
import { useWords } from "../../words/useWords";
import { SnippetTabs } from "../handover/SnippetTabs";
import { ScriptIcon } from "../icons";
import { ProblemView } from "../ProblemView";

/** What is told as a script: a plan before it is run, or a run of before, by its id. */
export interface Scripted {
  kind: "plan" | "run";
  id: string;
}

const WORDS = {
  plan: { open: "scripts.copyAs", title: "scripts.planTitle", lead: "scripts.planLead" },
  run: { open: "scripts.asScript", title: "scripts.runTitle", lead: "scripts.runLead" },
} as const;

const useStyles = makeStyles({
  surface: { maxWidth: "min(880px, 96vw)" },
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM, minWidth: 0 },
  actions: { justifyContent: "flex-end" },
});

/** The button and the dialog that it opens: each kind of script with what it does, Copy and Save. */
export function ScriptsButton({ of }: { of: Scripted }) {
  const styles = useStyles();
  const t = useWords();
  const [open, setOpen] = useState(false);
  const words = WORDS[of.kind];
  return (
    <Dialog open={open} onOpenChange={(_, data) => setOpen(data.open)}>
      <DialogTrigger disableButtonEnhancement>
        <Button icon={<ScriptIcon />}>{t(words.open)}</Button>
      </DialogTrigger>
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t(words.title)}</DialogTitle>
          <DialogContent className={styles.content}>
            <Text>{t(words.lead)}</Text>
            <Scripts of={of} />
          </DialogContent>
          <DialogActions fluid className={styles.actions}>
            <Button onClick={() => setOpen(false)}>{t("scripts.close")}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Scripts({ of: { kind, id } }: { of: Scripted }) {
  const t = useWords();
  const backend = useBackend();
  // Rust knows a text only for a while: each opening of the dialog reads it anew.
  const scripts = useQuery({
    queryKey: ["scripts", kind, id],
    queryFn: () => (kind === "plan" ? backend.planScripts(id) : backend.runScripts(id)),
    gcTime: 0,
  });
  if (scripts.isError) {
    return <ProblemView problem={scripts.error} onRetry={() => scripts.refetch()} />;
  }
  if (scripts.data === undefined) {
    return (
      <Skeleton aria-label={t("word.loading")}>
        <SkeletonItem size={128} />
      </Skeleton>
    );
  }
  return scripts.data.length === 0 ? (
    <Text>{t("scripts.none")}</Text>
  ) : (
    <SnippetTabs snippets={scripts.data} label={t("scripts.kinds")} />
  );
}
