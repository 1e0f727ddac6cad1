import { type RefObject, useLayoutEffect, useRef } from "react";

/** Whoever pressed a button in a box that then goes is taken to the page's heading, not to nowhere. */
export function useFocusAfterwards<Box extends HTMLElement>(): RefObject<Box | null> {
  const box = useRef<Box>(null);
  useLayoutEffect(() => {
    const own = box.current;
    const heading = own?.closest("main")?.querySelector("h1");
    return () => {
      if (own?.contains(document.activeElement)) {
        heading?.focus({ preventScroll: true });
      }
    };
  }, []);
  return box;
}
