import {
  keepPreviousData,
  QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Backend } from "../backend/backend";
import { useBackend } from "../backend/context";
import type { NameCheck, Problem } from "../backend/types";

declare module "@tanstack/react-query" {
  interface Register {
    defaultError: Problem;
  }
}

/**
 * Rust retries where a retry makes sense and says so; a second layer here would only hide it. `networkMode` because
 * the web view's idea of being online does not concern calls to Rust.
 */
export function makeQueryClient(): QueryClient {
  const shared = { retry: false, networkMode: "always" } as const;
  return new QueryClient({
    defaultOptions: {
      queries: { ...shared, refetchOnWindowFocus: false, refetchOnReconnect: false },
      mutations: shared,
    },
  });
}

export const APP_INFO = ["appInfo"] as const;
export const RUNS = ["runs"] as const;
export const VERIFICATION = ["verification"] as const;
const ROAD = ["road"] as const;
const PACKET = ["packet"] as const;

/** How often the journal is read again while a run goes on, in milliseconds. */
const GLANCE = 2000;

/** How long typing must rest before a search goes out, in milliseconds. */
const TYPING_RESTS = 250;

/** `value`, once it has not changed for a moment. */
export function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), TYPING_RESTS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

export function useAppInfo() {
  const backend = useBackend();
  return useQuery({ queryKey: APP_INFO, queryFn: () => backend.appInfo(), staleTime: Number.POSITIVE_INFINITY });
}

export function useRuns() {
  const backend = useBackend();
  return useQuery({
    queryKey: RUNS,
    queryFn: () => backend.listRuns(),
    refetchInterval: ({ state }) => (state.data?.runs.some((run) => run.state === "running") ? GLANCE : false),
  });
}

function nameCheck(backend: Backend, name: string) {
  return queryOptions({
    queryKey: ["nameCheck", name],
    queryFn: () => backend.checkAppName(name),
    staleTime: 10_000,
  });
}

export function useNameCheck(name: string) {
  const backend = useBackend();
  return useQuery({ ...nameCheck(backend, name), enabled: name !== "" });
}

/** Looks this very name up now, for who presses before the typing has rested; none when it could not be looked up. */
export function useLookUpName(): (name: string) => Promise<NameCheck | undefined> {
  const backend = useBackend();
  const client = useQueryClient();
  return (name) => client.fetchQuery(nameCheck(backend, name)).catch(() => undefined);
}

export function useIdentitySearch(text: string) {
  const backend = useBackend();
  return useQuery({
    queryKey: ["identities", text],
    queryFn: () => backend.searchIdentities(text),
    placeholderData: keepPreviousData,
  });
}

/** Whether what was found answers to an older text than the one that stands in the field. */
export function isOutdated(search: { isPlaceholderData: boolean; isPending: boolean }, asked: string, typed: string) {
  return search.isPlaceholderData || (asked !== typed && !search.isPending);
}

export function usePrincipalSearch(text: string) {
  const backend = useBackend();
  return useQuery({
    queryKey: ["principals", text],
    queryFn: () => backend.searchPrincipals(text),
    enabled: text !== "",
    placeholderData: keepPreviousData,
  });
}

export function useVerification(principal: string, permissions: string[]) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...VERIFICATION, principal, permissions],
    queryFn: () => backend.verify(principal, permissions, true),
    staleTime: 30_000,
  });
}

/** The provisioning apps of the tenant with their jobs. */
export function useRoad() {
  const backend = useBackend();
  return useQuery({ queryKey: ROAD, queryFn: () => backend.road(false), staleTime: 30_000 });
}

/** Reads them with the scope that it takes, for which the operator may be asked to sign in. */
export function useAskForRoad() {
  const backend = useBackend();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => backend.road(true),
    onSuccess: (road) => queries.setQueryData(ROAD, road),
  });
}

/** What the API developer needs; its snippets can be saved only as long as Rust knows them, so it is read anew. */
export function usePacket(principal: string, jobId: string | null) {
  const backend = useBackend();
  return useQuery({
    queryKey: [...PACKET, principal, jobId],
    queryFn: () => backend.developerPacket(principal, jobId),
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
}
