import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useBackend } from "../backend/context";
import type { AppInfo, AskedFor, Asking, SessionNews } from "../backend/types";
import { APP_INFO, useAppInfo } from "./queries";
import { useTouch } from "./useTouch";

/** How the operator is asked to sign in, and why. */
export interface Asked {
  why: AskedFor;
  how: Asking;
}

interface SessionHandle {
  /** None while nobody is asked anything. */
  asked: Asked | null;
  /** Nothing on screen may be read until it is unlocked. */
  locked: boolean;
  /** The sign-in that was asked for has ended, whatever Rust has told of it. */
  settled: () => void;
  /** The tenant of the last session, for whose successor what was typed may be of no use. */
  lastTenant: () => string | null;
}

const SessionContext = createContext<SessionHandle>({
  asked: null,
  locked: false,
  settled: () => undefined,
  lastTenant: () => null,
});

export function useSession(): SessionHandle {
  return useContext(SessionContext);
}

/** Hears what goes on around the session, and tells Rust that the operator is there. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const queries = useQueryClient();
  const info = useAppInfo().data;
  const [asked, setAsked] = useState<Asked | null>(null);

  useEffect(() => {
    const hear = (news: SessionNews) => {
      switch (news.kind) {
        case "asking":
          setAsked({ why: news.why, how: news.how });
          break;
        case "answered":
          setAsked(null);
          break;
        case "locked":
          setAsked(null);
          // The connection stays: the pages below the lock keep what was typed in them.
          queries.setQueryData<AppInfo>(APP_INFO, (now) => (now ? { ...now, locked: news.session } : now));
          break;
      }
    };
    backend.watchSession(hear).catch(() => undefined);
  }, [backend, queries]);

  const locked = (info?.locked ?? null) !== null;
  useTouch((info?.connection ?? null) !== null && !locked);

  const tenant = useRef<string | null>(null);
  const present = info?.connection?.tenantId;
  useEffect(() => {
    tenant.current = present ?? tenant.current;
  }, [present]);

  const settled = useCallback(() => setAsked(null), []);
  const handle = useMemo(
    () => ({ asked, locked, settled, lastTenant: () => tenant.current }),
    [asked, locked, settled],
  );
  return <SessionContext.Provider value={handle}>{children}</SessionContext.Provider>;
}
