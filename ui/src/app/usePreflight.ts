import { type QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import type { AskedPart } from "../backend/backend";
import { useBackend } from "../backend/context";
import type { AppInfo, Preflight } from "../backend/types";
import { APP_INFO } from "./queries";

const PREFLIGHT = ["preflight"] as const;

/** What was read of a preflight is true for the frame too: it shows the roles. */
function keepRoles(queries: QueryClient, { roles, abilities }: Preflight): void {
  queries.setQueryData<AppInfo>(APP_INFO, (info) =>
    info?.connection ? { ...info, connection: { ...info.connection, roles, abilities } } : info,
  );
}

/** Keeps a preflight that came with another answer. */
export function useKeepPreflight(): (preflight: Preflight) => void {
  const queries = useQueryClient();
  return useCallback(
    (preflight) => {
      queries.setQueryData<Preflight>(PREFLIGHT, preflight);
      keepRoles(queries, preflight);
    },
    [queries],
  );
}

/** What the operator may do of the job; asks them nothing. */
export function usePreflight() {
  const backend = useBackend();
  const queries = useQueryClient();
  return useQuery({
    queryKey: PREFLIGHT,
    queryFn: async () => {
      const preflight = await backend.preflight("");
      keepRoles(queries, preflight);
      return preflight;
    },
    staleTime: 60_000,
  });
}

/** Reads it again with the scope for a part of it, for which the operator may be asked to sign in. */
export function useAskFor() {
  const backend = useBackend();
  const keep = useKeepPreflight();
  return useMutation({ mutationFn: (part: Exclude<AskedPart, "">) => backend.preflight(part), onSuccess: keep });
}
