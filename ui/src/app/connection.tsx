import { useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useCallback, useContext } from "react";
import { useBackend } from "../backend/context";
import type { AppInfo, ConnectionView } from "../backend/types";
import { useJob } from "./job";
import { APP_INFO } from "./queries";
import { useSession } from "./session";
import { useUpload } from "./upload";

const ConnectionContext = createContext<{ info: AppInfo; connection: ConnectionView } | null>(null);

export function ConnectionProvider({
  info,
  connection,
  children,
}: {
  info: AppInfo;
  connection: ConnectionView;
  children: ReactNode;
}) {
  return <ConnectionContext.Provider value={{ info, connection }}>{children}</ConnectionContext.Provider>;
}

/** Who is signed in, where, and what this app is; the frame shows screens to nobody else. */
export function useConnection(): { info: AppInfo; connection: ConnectionView } {
  const value = useContext(ConnectionContext);
  if (value === null) {
    throw new Error("useConnection outside of ConnectionProvider");
  }
  return value;
}

/** Puts a new connection, or none, in place of the present one. */
export function useSetConnection(): (connection: ConnectionView | null) => void {
  const queries = useQueryClient();
  return useCallback(
    (connection) => {
      queries.removeQueries({ predicate: (query) => query.queryKey[0] !== APP_INFO[0] });
      queries.setQueryData<AppInfo>(APP_INFO, (info) => (info ? { ...info, connection, locked: null } : info));
    },
    [queries],
  );
}

/** Somebody has signed in. What was typed for another tenant is forgotten; Rust has remembered this one. */
export function useSignedIn(): (connection: ConnectionView) => void {
  const backend = useBackend();
  const queries = useQueryClient();
  const setConnection = useSetConnection();
  const { lastTenant } = useSession();
  const { clear } = useJob();
  const { forget } = useUpload();
  return useCallback(
    (connection) => {
      const before = lastTenant();
      if (before !== null && before !== connection.tenantId) {
        clear(false);
        forget();
      }
      setConnection(connection);
      backend.appInfo().then(
        ({ settings }) => queries.setQueryData<AppInfo>(APP_INFO, (info) => (info ? { ...info, settings } : info)),
        () => undefined,
      );
    },
    [backend, queries, setConnection, lastTenant, clear, forget],
  );
}

/** After the session ended in mid-task: shows Connect, and leaves the page and what was typed as they are. */
export function useSignInAgain(): () => void {
  const setConnection = useSetConnection();
  return useCallback(() => setConnection(null), [setConnection]);
}
