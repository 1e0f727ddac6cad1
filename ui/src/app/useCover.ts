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

/** Covers one element; the answer gives it back as it was. */
function cover(element: Element): () => void {
  const hidden = element.getAttribute("aria-hidden");
  element.setAttribute("aria-hidden", "true");
  element.toggleAttribute("inert", true);
  element.toggleAttribute(COVERED, true);
  return () => {
    element.toggleAttribute("inert", false);
    element.toggleAttribute(COVERED, false);
    if (hidden === null) {
      element.removeAttribute("aria-hidden");
    } else {
      element.setAttribute("aria-hidden", hidden);
    }
  };
}
