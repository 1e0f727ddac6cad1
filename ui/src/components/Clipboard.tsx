import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import { useBackend } from "../backend/context";
import type { Copied } from "../backend/types";
import { useWords } from "../words/useWords";
import { useAnnounce } from "./Announcer";

interface Clipboard {
  /** The secret that we put there, by the name that its page knows it by, and how long it stays; none once it is gone. */
  secret: { id: string; seconds: number } | null;
  copyText: (text: string) => Promise<void>;
  /** `copy` has Rust put it there. */
  copySecret: (id: string, copy: () => Promise<Copied>) => Promise<void>;
}

const ClipboardContext = createContext<Clipboard | null>(null);

/** Knows whether a secret lies on the clipboard, whichever page put it there and whichever is shown now. */
export function ClipboardProvider({ children }: { children: ReactNode }) {
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const [secret, setSecret] = useState<Clipboard["secret"]>(null);

  useEffect(() => {
    if (secret === null) {
      return;
    }
    const gone = () => setSecret(null);
    const timer = setTimeout(gone, secret.seconds * 1000);
    // The keys alone, with nothing selected, copy nothing.
    const other = () => (somethingIsSelected() ? gone() : undefined);
    document.addEventListener("copy", other);
    document.addEventListener("cut", other);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("copy", other);
      document.removeEventListener("cut", other);
    };
  }, [secret]);

  const clipboard = useMemo<Clipboard>(
    () => ({
      secret,
      copyText: async (text) => {
        await backend.copyText(text);
        setSecret(null);
      },
      copySecret: async (id, copy) => {
        const { clearsInSeconds } = await copy();
        setSecret({ id, seconds: clearsInSeconds });
        announce(t("secret.copied", { seconds: clearsInSeconds }));
      },
    }),
    [secret, backend, announce, t],
  );
  return <ClipboardContext.Provider value={clipboard}>{children}</ClipboardContext.Provider>;
}

function somethingIsSelected(): boolean {
  const field = document.activeElement;
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
    return field.selectionStart !== field.selectionEnd;
  }
  return (document.getSelection()?.toString() ?? "") !== "";
}

export function useClipboard(): Clipboard {
  const clipboard = useContext(ClipboardContext);
  if (clipboard === null) {
    throw new Error("useClipboard outside of ClipboardProvider");
  }
  return clipboard;
}
