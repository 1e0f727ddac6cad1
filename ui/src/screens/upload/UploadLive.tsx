import { Button, makeStyles, tokens, typographyStyles } from "@fluentui/react-components";
import { useEffect, useId, useRef } from "react";
import { type TrialUpload, useUpload } from "../../app/upload";
import type { LogOutcome, UploadState, UploadView } from "../../backend/types";
import { Card } from "../../components/Card";
import { Facts } from "../../components/Facts";
import { CopyId } from "../../components/Id";
import { Mark, type Tone } from "../../components/Mark";
import { Name, Sentence } from "../../components/Name";
import { ProblemView } from "../../components/ProblemView";
import { useSecondsUntil } from "../../components/useSecondsUntil";
import { When } from "../../components/When";
import { useWords } from "../../words/useWords";
import { LogEntries } from "./LogEntries";

const STATES: Record<UploadState, Tone> = {
  sending: "busy",
  waiting: "waiting",
  done: "good",
  failed: "bad",
  stopped: "skipped",
};

const WORST: LogOutcome[] = ["failure", "warning"];

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, minWidth: 0 },
  title: { ...typographyStyles.subtitle2, margin: 0, outlineStyle: "none" },
  quiet: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  time: { fontVariantNumeric: "tabular-nums" },
});

/** An upload that was sent: taken by Entra or not, and what the log has told of it so far. */
export function UploadLive({ upload }: { upload: TrialUpload }) {
  const styles = useStyles();
  const t = useWords();
  const { stop, forget } = useUpload();
  const titleId = useId();
  const title = useRef<HTMLHeadingElement>(null);
  const { view, running, problem, request } = upload;
  // What broke off while it was followed is followed no more, whatever was said of it last.
  const state: UploadState = !running && problem !== null ? "failed" : (view?.state ?? "sending");

  useEffect(() => {
    title.current?.focus();
  }, []);

  return (
    <>
      <Card>
        <section aria-labelledby={titleId} className={styles.box} data-testid="upload" data-state={state}>
          <h2 ref={title} id={titleId} tabIndex={-1} className={styles.title}>
            {t("upload.live")}
          </h2>
          <Mark tone={tone(state, view)}>
            <strong>{t(`uploadState.${state}`)}</strong>
            {view !== null && view.state === state && view.sentence !== "" && (
              <>
                {". "}
                <Sentence text={view.sentence} />
              </>
            )}
          </Mark>
          <Facts
            facts={[
              { name: t("upload.to"), value: <Name text={upload.app} /> },
              { name: t("upload.user"), value: <Name text={request.user.userName} /> },
              {
                name: t("upload.accepted"),
                value: view !== null && view.acceptedAt !== null && <When at={view.acceptedAt} />,
              },
              {
                name: t("upload.requestId"),
                value: view !== null && view.requestId !== null && (
                  <CopyId whole id={view.requestId} what={t("upload.requestId")} />
                ),
              },
              {
                name: t("upload.looks"),
                value: view !== null && view.acceptedAt !== null && t("upload.looksTimes", { count: view.looks }),
              },
              {
                name: t("upload.next"),
                value: running && view !== null && view.nextLook !== null && <NextLook at={view.nextLook} />,
              },
            ]}
          />
          {view !== null && view.acceptedAt !== null && <LogEntries entries={view.entries} waiting={running} />}
          {state === "waiting" && <span className={styles.quiet}>{t("upload.patience")}</span>}
          <div className={styles.actions}>
            {running ? (
              <>
                <Button onClick={stop} disabledFocusable={state === "sending"}>
                  {t("upload.stop")}
                </Button>
                <span className={styles.quiet}>{t("upload.stopWhat")}</span>
              </>
            ) : (
              <Button onClick={forget}>{t("upload.another")}</Button>
            )}
          </div>
        </section>
      </Card>
      {problem !== null && <ProblemView problem={problem} />}
      {view !== null && view.problem !== null && <ProblemView problem={view.problem} />}
    </>
  );
}

/** The log's answer, not that there is one, says whether it went well. */
function tone(state: UploadState, view: UploadView | null): Tone {
  if (state !== "done" || view === null) {
    return STATES[state];
  }
  const worst = WORST.find((outcome) => view.entries.some((entry) => entry.outcome === outcome));
  return worst === "failure" ? "bad" : worst === "warning" ? "warn" : "good";
}

function NextLook({ at }: { at: string }) {
  const styles = useStyles();
  const t = useWords();
  const until = new Date(at).getTime();
  const left = useSecondsUntil(Number.isNaN(until) ? null : until);
  return left === null ? (
    <When at={at} />
  ) : (
    <span role="timer" className={styles.time}>
      {t("upload.nextIn", { seconds: left })}
    </span>
  );
}
