import { Button, makeStyles, Spinner, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useSetConnection } from "../../app/connection";
import { useBackend } from "../../backend/context";
import type { AppInfo, Problem } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { Card } from "../../components/Card";
import { Mark } from "../../components/Mark";
import { ProblemView } from "../../components/ProblemView";
import { useWords } from "../../words/useWords";
import { PersonaChoice } from "./PersonaChoice";
import { ResetPractice } from "./ResetPractice";

const useStyles = makeStyles({
  scroll: { position: "relative", height: "100%", overflowY: "auto", backgroundColor: tokens.colorNeutralBackground2 },
  page: {
    maxWidth: "640px",
    marginInline: "auto",
    boxSizing: "border-box",
    padding: tokens.spacingHorizontalXXL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXL,
  },
  head: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  title: { ...typographyStyles.title1, margin: 0, outlineStyle: "none" },
  lead: { ...typographyStyles.body2, color: tokens.colorNeutralForeground2, margin: 0 },
  cardTitle: { ...typographyStyles.title3, margin: 0 },
  what: { color: tokens.colorNeutralForeground2, margin: 0 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
  foot: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

/** Who is not connected yet: the practice tenant and whom to be in it. */
export function ConnectPage({ info }: { info: AppInfo }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const setConnection = useSetConnection();
  const heading = useRef<HTMLHeadingElement>(null);
  const signIn = useRef<HTMLButtonElement>(null);
  const stopped = useRef(false);
  const [persona, setPersona] = useState(info.personas[0]?.key ?? "");
  const [wasStopped, setWasStopped] = useState(false);
  const chosen = info.personas.find(({ key }) => key === persona);
  const name = chosen?.name ?? "";

  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    document.title = `${t("connect.title")} – ${t("app.name")}`;
  }, [t]);

  const cancelled = () => {
    setWasStopped(true);
    announce(t("connect.cancelled"));
  };

  const connect = useMutation({
    mutationFn: () => backend.connectPractice(persona),
    onMutate: () => {
      stopped.current = false;
      setWasStopped(false);
      announce(t("connect.signingIn", { name }));
    },
    onSuccess: (connection) => {
      if (stopped.current) {
        // It came too late: whoever cancelled is not signed in, here or in Rust.
        backend.disconnect().catch(() => undefined);
        cancelled();
      } else {
        setConnection(connection);
      }
    },
    onError: (problem: Problem) => {
      if (problem.code === "cancelled" || stopped.current) {
        cancelled();
      }
    },
  });

  const start = () => {
    if (!connect.isPending) {
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
    <main className={styles.scroll}>
      <div className={styles.page}>
        <header className={styles.head}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {t("app.name")}
          </h1>
          <p className={styles.lead}>{t("connect.lead")}</p>
        </header>
        <Card>
          <div className={styles.head}>
            <h2 className={styles.cardTitle}>{t("connect.practice")}</h2>
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
              personas={info.personas}
              chosen={persona}
              onChoose={setPersona}
              disabled={connect.isPending}
              action={
                <div className={styles.actions}>
                  <Button
                    ref={signIn}
                    type="submit"
                    appearance="primary"
                    disabled={chosen === undefined}
                    disabledFocusable={connect.isPending}
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
        <footer className={styles.actions}>
          <span className={styles.foot}>{t("connect.version", { version: info.version })}</span>
          <ResetPractice disabled={connect.isPending} />
        </footer>
      </div>
    </main>
  );
}
