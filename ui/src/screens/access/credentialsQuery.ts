import { useQuery } from "@tanstack/react-query";
import { useBackend } from "../../backend/context";

export const CREDENTIALS = ["credentials"] as const;

/** The secrets and certificates of those that hold a permission of the job. */
export function useCredentials() {
  const backend = useBackend();
  return useQuery({ queryKey: CREDENTIALS, queryFn: () => backend.credentials(), staleTime: 30_000 });
}
