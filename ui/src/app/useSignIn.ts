import { useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useBackend } from "../backend/context";
import type { Problem, SignInRequest } from "../backend/types";
import { useAnnounce } from "../components/Announcer";
import { useWords } from "../words/useWords";
import { useSetConnection, useSignedIn } from "./connection";
import { useSession } from "./session";

export interface SignIn {
  pending: boolean;
  /** What was asked for last. */
  request: SignInRequest | null;
  /** Why it did not come about; none when the operator stopped it. */
  problem: Problem | null;
  /** The operator stopped it. */
  stopped: boolean;
  start: (request: SignInRequest) => void;
  cancel: () => void;
  /** Forgets how the last one ended. */
  reset: () => void;
}

/** A sign-in to a real tenant, from the press of a button to its end. */
export function useSignIn(onSignedIn?: () => void): SignIn {
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const setConnection = useSetConnection();
  const signedIn = useSignedIn();
  const { settled } = useSession();
  const stopping = useRef(false);
  const [stopped, setStopped] = useState(false);

  const haveStopped = () => {
    setStopped(true);
    announce(t("connect.cancelled"));
  };
  const attempt = useMutation({
    mutationFn: (request: SignInRequest) => backend.signIn(request),
    onMutate: () => {
      stopping.current = false;
      setStopped(false);
      announce(t("org.signingIn"));
    },
    onSuccess: (connection) => {
      settled();
      if (stopping.current) {
        // It came too late: whoever cancelled is not signed in, here or in Rust.
        backend.disconnect().catch(() => undefined);
        setConnection(null);
        haveStopped();
      } else {
        signedIn(connection);
        onSignedIn?.();
      }
    },
    onError: (problem) => {
      settled();
      if (problem.code === "cancelled" || stopping.current) {
        haveStopped();
      }
    },
  });

  return {
    pending: attempt.isPending,
    request: attempt.variables ?? null,
    problem: attempt.isError && !stopped ? attempt.error : null,
    stopped: stopped && !attempt.isPending,
    start: (request) => {
      if (!attempt.isPending) {
        attempt.mutate(request);
      }
    },
    cancel: () => {
      stopping.current = true;
      backend.cancelSignIn().catch(() => undefined);
    },
    reset: () => {
      setStopped(false);
      attempt.reset();
    },
  };
}
