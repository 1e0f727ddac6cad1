import { useLayoutEffect } from "react";

/** Once what is open has gone, the focus goes back to where it was before; no button of ours had opened it. */
export function useReturnFocus(open: boolean): void {
  useLayoutEffect(() => {
    if (!open) {
      return;
    }
    const before = document.activeElement;
    return () => {
      // After what was open has let the focus go.
      setTimeout(() => {
        if (before instanceof HTMLElement && before.isConnected && document.activeElement === document.body) {
          before.focus({ preventScroll: true });
        }
      }, 0);
    };
  }, [open]);
}
