import { useMutation, useQueryClient } from "@tanstack/react-query";
import { APP_INFO } from "../../app/queries";
import { useBackend } from "../../backend/context";
import type { AppInfo, Problem, Remembered } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { useWords } from "../../words/useWords";

/** Forgets a tenant that was signed in to. */
export function useForget(): { forget: (tenant: Remembered) => void; pending: boolean; problem: Problem | null } {
  const t = useWords();
  const backend = useBackend();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const forgetting = useMutation({
    mutationFn: ({ cloud, tenantId }: Remembered) => backend.forgetTenant(cloud, tenantId),
    onSuccess: (settings, { tenantName }) => {
      queries.setQueryData<AppInfo>(APP_INFO, (info) => (info ? { ...info, settings } : info));
      announce(t("org.forgotten", { tenant: tenantName }));
    },
  });
  return {
    forget: (tenant) => {
      if (!forgetting.isPending) {
        forgetting.mutate(tenant);
      }
    },
    pending: forgetting.isPending,
    problem: forgetting.error,
  };
}
