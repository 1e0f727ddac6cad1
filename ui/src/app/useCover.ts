import { useLayoutEffect } from "react";

const COVERED = "data-covered";

/**
 * Takes everything in the document but the surface from eye, keyboard and screen reader as long as it stands: the page,
 * and each dialog and menu that was open in front of it. The style is in page.css.
 */
export function useCover(surface: HTMLElement | null): void {
  useLayoutEffect(() => {
    if (surface === null) {
      return;
    }
    let own: HTMLElement | null = surface;
    while (own !== null && own.parentElement !== document.body) {
      own = own.parentElement;
    }
    const uncover = [...document.body.children].filter((element) => element !== own).map(cover);
    return () => {
      for (const back of uncover) {
        back();
      }
    };
  }, [surface]);
}

/** Covers one element; the answer gives it back. What a dialog that is still open hides, Fluent hides again. */
function cover(element: Element): () => void {
  element.setAttribute("aria-hidden", "true");
  element.toggleAttribute("inert", true);
  element.toggleAttribute(COVERED, true);
  return () => {
    element.toggleAttribute("inert", false);
    element.toggleAttribute(COVERED, false);
    element.removeAttribute("aria-hidden");
  };
}
