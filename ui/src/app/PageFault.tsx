import type { ErrorComponentProps } from "@tanstack/react-router";
import { useEffect } from "react";
import { useBackend } from "../backend/context";
import { Page } from "../components/Page";
import { ProblemView } from "../components/ProblemView";
import { useWords } from "../words/useWords";

/** Stands in for a page that threw while it was drawn. */
export function PageFault({ error, reset }: ErrorComponentProps) {
  const t = useWords();
  const backend = useBackend();
  const why = error instanceof Error ? error.message : String(error);
  useEffect(() => {
    backend.reportFault(`page: ${why}`).catch(() => undefined);
  }, [backend, why]);
  return (
    <Page title={t("problem.page")} titleText={t("problem.page")}>
      <ProblemView
        problem={{
          code: "internal",
          message: t("problem.pageWhy", { why }),
          exists: t("problem.pageExists"),
          advice: t("problem.pageAdvice"),
          fields: [],
          trace: null,
        }}
        onRetry={reset}
      />
    </Page>
  );
}
