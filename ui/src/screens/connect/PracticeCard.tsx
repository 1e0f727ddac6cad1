import { Button, makeStyles, Spinner, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useSignedIn } from "../../app/connection";
import { useBackend } from "../../backend/context";
import type { PersonaView, Problem } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { Mark } from "../../components/Mark";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";
import { PersonaChoice } from "./PersonaChoice";

const useStyles = makeStyles({
  head: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  title: { ...typographyStyles.title3, margin: 0 },
  what: { color: tokens.colorNeutralForeground2, margin: 0 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** The practice tenant and whom to be in it. */
export function PracticeCard({
  personas,
  disabled,
  onBusy,
}: {
  personas: PersonaView[];
  /** While somebody signs in elsewhere. */
  disabled: boolean;
  onBusy: (busy: boolean) => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const signedIn = useSignedIn();
  const signIn = useRef<HTMLButtonElement>(null);
  const stopped = useRef(false);
  const [persona, setPersona] = useState(personas[0]?.key ?? "");
  const [wasStopped, setWasStopped] = useState(false);
  const chosen = personas.find(({ key }) => key === persona);
  const name = chosen?.name ?? "";

  const cancelled = () => {
    setWasStopped(true);
    announce(t("connect.cancelled"));
  };

  const connect = useMutation({
    mutationFn: () => backend.connectPractice(persona),
    onMutate: () => {
      stopped.current = false;
      setWasStopped(false);
      onBusy(true);
      announce(t("connect.signingIn", { name }));
    },
    onSuccess: (connection) => {
      if (stopped.current) {
        // It came too late: whoever cancelled is not signed in, here or in Rust.
        backend.disconnect().catch(() => undefined);
        cancelled();
      } else {
        signedIn(connection);
      }
    },
    onError: (problem: Problem) => {
      if (problem.code === "cancelled" || stopped.current) {
        cancelled();
      }
    },
    onSettled: () => onBusy(false),
  });

  const start = () => {
    if (!connect.isPending && !disabled) {
      signIn.current?.focus();
      connect.mutate();
    }
  };

  const cancel = () => {
    stopped.current = true;
    // The button that was pressed goes with the attempt.
    signIn.current?.focus();
    backend.disconnect().catch(() => undefined);
  };

  return (
    <Card>
      <div className={styles.head}>
        <h2 className={styles.title}>{t("connect.practice")}</h2>
        <Text>{t("connect.practiceLead")}</Text>
      </div>
      <p className={styles.what}>{t("connect.practiceWhat")}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <PersonaChoice
          personas={personas}
          chosen={persona}
          onChoose={setPersona}
          disabled={connect.isPending || disabled}
          action={
            <div className={styles.actions}>
              <Button
                ref={signIn}
                type="submit"
                appearance="primary"
                disabled={chosen === undefined}
                disabledFocusable={connect.isPending || disabled}
              >
                {t("connect.signIn", { name })}
              </Button>
              {connect.isPending && (
                <>
                  <Button onClick={cancel}>{t("connect.cancel")}</Button>
                  <Spinner size="tiny" label={t("connect.signingIn", { name })} />
                </>
              )}
            </div>
          }
        />
      </form>
      {wasStopped && !connect.isPending && <Mark tone="info">{t("connect.cancelled")}</Mark>}
      {connect.isError && !wasStopped && <ProblemView problem={connect.error} onRetry={start} />}
    </Card>
  );
}
