import {
  Button,
  Dialog,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useBackend } from "../backend/context";
import type { AppInfo, Locked } from "../backend/types";
import { useAnnounce } from "../components/Announcer";
import { AskingPanel } from "../components/asking/AskingPanel";
import { LockedIcon } from "../components/icons";
import { Mark } from "../components/Mark";
import { Name } from "../components/Name";
import { ProblemView } from "../components/ProblemView";
import { visible } from "../components/text";
import { useReturnFocus } from "../components/useReturnFocus";
import { useWords, Words } from "../words/useWords";
import { useSetConnection } from "./connection";
import { useJob } from "./job";
import { APP_INFO, useAppInfo } from "./queries";
import { useSession } from "./session";
import { useCover } from "./useCover";

const useStyles = makeStyles({
  // Nothing of the page shows through.
  backdrop: { backgroundColor: tokens.colorNeutralBackground2 },
  surface: { maxWidth: "480px" },
  icon: { color: tokens.colorBrandForeground1, display: "inline-flex" },
  content: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  label: { overflowWrap: "anywhere" },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** While the session is locked: covers the whole window and keeps what is below as it is. */
export function LockCover() {
  const locked = useAppInfo().data?.locked ?? null;
  useReturnFocus(locked !== null);
  return locked === null ? null : <Cover locked={locked} />;
}

function Cover({ locked }: { locked: Locked }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const announce = useAnnounce();
  const setConnection = useSetConnection();
  const { clear } = useJob();
  const { asked, settled } = useSession();
  const [surface, setSurface] = useState<HTMLDivElement | null>(null);
  const unlockButton = useRef<HTMLButtonElement>(null);
  useCover(surface);

  useEffect(() => {
    const before = document.title;
    document.title = `${t("lock.title")} – ${t("app.name")}`;
    return () => {
      document.title = before;
    };
  }, [t]);

  const unlock = useMutation({
    mutationFn: () => backend.unlock(),
    onSuccess: (connection) => {
      queries.setQueryData<AppInfo>(APP_INFO, (info) => (info ? { ...info, connection, locked: null } : info));
      // What could not be read while it was locked can be now.
      queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== APP_INFO[0] });
      announce(t("lock.unlocked"));
    },
    onSettled: () => settled(),
  });
  const leave = useMutation({
    mutationFn: () => backend.disconnect(),
    onSuccess: async () => {
      await navigate({ to: "/" });
      clear(false);
      setConnection(null);
    },
  });

  // Whoever cancelled stands before the button again.
  const pending = unlock.isPending;
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !pending) {
      unlockButton.current?.focus();
    }
    was.current = pending;
  }, [pending]);

  const cancelled = unlock.error?.code === "cancelled";
  const tenant = <Name text={locked.tenantName} strong />;
  return (
    <Dialog open modalType="alert">
      <DialogSurface ref={setSurface} className={styles.surface} backdrop={{ className: styles.backdrop }}>
        <DialogBody>
          <DialogTitle as="h1" action={null}>
            <span className={styles.icon} aria-hidden="true">
              <LockedIcon />
            </span>
            <div>{t("lock.title")}</div>
          </DialogTitle>
          <DialogContent className={styles.content}>
            <span>
              {locked.afterMinutes === 0 ? (
                <Words id="lock.byHand" values={{ tenant }} />
              ) : (
                <Words id="lock.idle" values={{ tenant, minutes: locked.afterMinutes }} />
              )}
            </span>
            {pending ? (
              <AskingPanel
                how={asked?.how ?? null}
                onCancel={() => void backend.cancelSignIn().catch(() => undefined)}
              />
            ) : (
              <>
                <div className={styles.actions}>
                  <Button
                    ref={unlockButton}
                    appearance="primary"
                    onClick={() => unlock.mutate()}
                    disabledFocusable={leave.isPending}
                  >
                    <span className={styles.label}>{t("lock.unlock", { account: visible(locked.account) })}</span>
                  </Button>
                  <Button onClick={() => leave.mutate()} disabledFocusable={leave.isPending}>
                    {t("lock.leave")}
                  </Button>
                </div>
                <span className={styles.small}>{t("lock.leaveWhy")}</span>
                {cancelled && <Mark tone="info">{t("lock.cancelled")}</Mark>}
                {unlock.isError && !cancelled && <ProblemView problem={unlock.error} />}
                {leave.isError && <ProblemView problem={leave.error} />}
              </>
            )}
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
