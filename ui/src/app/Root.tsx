import { makeStyles, Skeleton, SkeletonItem, tokens } from "@fluentui/react-components";
import { Outlet } from "@tanstack/react-router";
import { useEffect } from "react";
import { useBackend } from "../backend/context";
import { ProblemView } from "../components/ProblemView";
import { AuditProvider } from "../screens/access/AuditProvider";
import { ConnectPage } from "../screens/connect/ConnectPage";
import { useWords } from "../words/useWords";
import { ConnectionProvider } from "./connection";
import { LeaveProvider } from "./Leave";
import { LockCover } from "./LockCover";
import { useAppInfo } from "./queries";
import { Shell } from "./Shell";
import { SwitchProvider } from "./Switching";

const useStyles = makeStyles({
  alone: {
    maxWidth: "640px",
    marginInline: "auto",
    padding: tokens.spacingHorizontalXXL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
  },
});

/**
 * Tells Rust when the first picture is in the page, so that the window shows no white. Not by an animation frame: a
 * window that is still hidden never draws one.
 */
function useFirstPicture(): void {
  const backend = useBackend();
  useEffect(() => {
    const timer = setTimeout(() => {
      backend.windowReady().catch(() => undefined);
    }, 0);
    return () => clearTimeout(timer);
  }, [backend]);
}

/** Who is not connected sees Connect, whichever page is open; the page waits with what was typed in it. */
export function Root() {
  useFirstPicture();
  return (
    <>
      <Pages />
      <LockCover />
    </>
  );
}

function Pages() {
  const styles = useStyles();
  const t = useWords();
  const info = useAppInfo();

  if (info.isPending) {
    return (
      <main className={styles.alone} aria-busy="true" aria-label={t("word.loading")}>
        <Skeleton aria-label={t("word.loading")}>
          <div className={styles.alone}>
            <SkeletonItem size={32} />
            <SkeletonItem size={16} />
            <SkeletonItem size={128} />
          </div>
        </Skeleton>
      </main>
    );
  }
  if (info.isError) {
    return (
      <main className={styles.alone}>
        <h1>{t("app.name")}</h1>
        <ProblemView problem={info.error} onRetry={() => info.refetch()} />
      </main>
    );
  }
  if (info.data.connection === null) {
    // A page that was reloaded while it was locked has nothing to keep.
    return info.data.locked === null ? <ConnectPage info={info.data} /> : null;
  }
  return (
    <ConnectionProvider info={info.data} connection={info.data.connection}>
      <LeaveProvider>
        <SwitchProvider>
          <AuditProvider>
            <Shell>
              <Outlet />
            </Shell>
          </AuditProvider>
        </SwitchProvider>
      </LeaveProvider>
    </ConnectionProvider>
  );
}
