import { useMutation, useQueryClient } from "@tanstack/react-query";
import { APP_INFO } from "../../app/queries";
import { useBackend } from "../../backend/context";
import type { AppInfo, Problem, Settings } from "../../backend/types";
import { useAnnounce } from "../../components/Announcer";
import { useWords } from "../../words/useWords";

export interface Saving {
  /** Changes the settings as they are in Rust now, not as this page last saw them. */
  save: (change: (settings: Settings) => Settings, onSaved?: () => void) => void;
  pending: boolean;
  problem: Problem | null;
  reset: () => void;
}

/** One part of the settings is saved by itself, and what Rust says against it stands beside it. */
export function useSaving(): Saving {
  const t = useWords();
  const backend = useBackend();
  const queries = useQueryClient();
  const announce = useAnnounce();
  const saving = useMutation({
    mutationFn: async (change: (settings: Settings) => Settings) => {
      const now = await backend.appInfo();
      await backend.saveSettings(change(now.settings));
      // The clouds follow the settings.
      return backend.appInfo();
    },
    onMutate: () => announce(t("settings.saving")),
    onSuccess: ({ settings, clouds }) => {
      queries.setQueryData<AppInfo>(APP_INFO, (info) => (info ? { ...info, settings, clouds } : info));
      announce(t("settings.saved"));
    },
  });
  return {
    save: (change, onSaved) => {
      if (!saving.isPending) {
        saving.mutate(change, { onSuccess: () => onSaved?.() });
      }
    },
    pending: saving.isPending,
    problem: saving.error,
    reset: saving.reset,
  };
}
