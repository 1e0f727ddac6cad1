import { useEffect, useRef } from "react";
import { useBackend } from "../backend/context";

/** At most so often Rust is told that somebody is there, in milliseconds. */
const AT_MOST = 20_000;

const SIGNS = ["pointerdown", "pointermove", "wheel", "keydown"] as const;

/** While `active`, tells Rust of keys and pointer, so that the session locks only when nobody is there. */
export function useTouch(active: boolean): void {
  const backend = useBackend();
  const last = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (!active) {
      return;
    }
    const touched = () => {
      const now = Date.now();
      // A clock that was set back must not silence it.
      if (now >= last.current && now - last.current < AT_MOST) {
        return;
      }
      last.current = now;
      backend.touch().catch(() => undefined);
    };
    const options = { capture: true, passive: true };
    for (const sign of SIGNS) {
      window.addEventListener(sign, touched, options);
    }
    return () => {
      for (const sign of SIGNS) {
        window.removeEventListener(sign, touched, options);
      }
    };
  }, [active, backend]);
}
