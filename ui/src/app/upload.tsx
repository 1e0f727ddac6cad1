import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useBackend } from "../backend/context";
import { toProblem } from "../backend/problem";
import type { Problem, UploadPreview, UploadRequest, UploadView } from "../backend/types";
import { useAnnounce } from "../components/Announcer";
import { useWords } from "../words/useWords";

/** The trial upload in hand: what was sent, and what the log has said of it so far. */
export interface TrialUpload {
  request: UploadRequest;
  preview: UploadPreview;
  /** Name of the provisioning app that takes it. */
  app: string;
  /** None until Rust has said something. */
  view: UploadView | null;
  /** True until Rust has answered for the whole of it. */
  running: boolean;
  /** Why it could not be sent or stopped; what the service said is in `view`. */
  problem: Problem | null;
}

interface UploadHandle {
  upload: TrialUpload | null;
  send: (what: Pick<TrialUpload, "request" | "preview" | "app">) => void;
  /** Stops looking at the log; what was sent stays sent. */
  stop: () => void;
  /** Forgets the upload that has ended, or all of it when somebody has signed in to another tenant. */
  forget: () => void;
}

const UploadContext = createContext<UploadHandle | null>(null);

/** Follows a trial upload above the pages: the log takes minutes, and one may go elsewhere meanwhile. */
export function UploadProvider({ children }: { children: ReactNode }) {
  const backend = useBackend();
  const announce = useAnnounce();
  const t = useWords();
  const [upload, setUpload] = useState<TrialUpload | null>(null);

  const send = useCallback(
    (what: Pick<TrialUpload, "request" | "preview" | "app">) => {
      const { id } = what.preview;
      const change = (part: Partial<TrialUpload>) =>
        setUpload((before) => (before?.preview.id === id ? { ...before, ...part } : before));
      setUpload({ ...what, view: null, running: true, problem: null });
      backend
        .startUpload(id, (view) => change({ view }))
        .then(
          (view) => change({ view, running: false, problem: null }),
          (thrown: unknown) => change({ running: false, problem: toProblem(thrown) }),
        );
    },
    [backend],
  );

  const id = upload?.preview.id;
  const stop = useCallback(() => {
    if (id !== undefined) {
      backend.stopUpload(id).catch((thrown: unknown) => {
        setUpload((before) => (before?.preview.id === id ? { ...before, problem: toProblem(thrown) } : before));
      });
    }
  }, [backend, id]);
  const forget = useCallback(() => setUpload(null), []);

  // From here, because the operator may be on any page. A further look that brings nothing is no news.
  const news = upload?.view == null ? "" : `${upload.view.id} ${upload.view.state} ${upload.view.entries.length}`;
  const said = useRef("");
  useEffect(() => {
    if (news !== said.current && upload?.view != null && upload.view.state !== "sending") {
      said.current = news;
      announce(t("upload.announce", { sentence: upload.view.sentence }));
    }
  }, [news, upload, announce, t]);

  const handle = useMemo(() => ({ upload, send, stop, forget }), [upload, send, stop, forget]);
  return <UploadContext.Provider value={handle}>{children}</UploadContext.Provider>;
}

export function useUpload(): UploadHandle {
  const handle = useContext(UploadContext);
  if (handle === null) {
    throw new Error("useUpload outside of UploadProvider");
  }
  return handle;
}
