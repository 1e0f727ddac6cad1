import type { KeyboardEvent } from "react";
import type { Line, Lines } from "./rows";

/** What the keys can do in the list. */
export interface GridDeeds {
  /** Goes to a line; `further` chooses on the way. */
  go: (position: number, further: boolean) => void;
  /** Chooses the line, or lets it go; `further`: all from the last choice on. */
  pick: (position: number, further: boolean) => void;
  chooseAll: () => void;
  /** Opens the holder, or opens and closes the group. */
  enter: (position: number) => void;
  setOpen: (position: number, open: boolean) => void;
}

/** The keyboard of the list: one focus for all its lines, as only those in sight exist. */
export function gridKeys(lines: Lines, active: number, page: number, deeds: GridDeeds) {
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || lines.count === 0) {
      return;
    }
    if (act(event, lines, Math.min(active, lines.count - 1), page, deeds)) {
      event.preventDefault();
    }
  };
}

/** Whether the key meant something here. */
function act(event: KeyboardEvent, lines: Lines, active: number, page: number, deeds: GridDeeds): boolean {
  const { key, shiftKey, ctrlKey, metaKey } = event;
  if (ctrlKey || metaKey) {
    if (key.toLowerCase() !== "a") {
      return false;
    }
    deeds.chooseAll();
    return true;
  }
  const to = destination(key, active, page, lines.count);
  if (to !== null) {
    deeds.go(to, shiftKey);
    return true;
  }
  const line: Line | undefined = lines.at(active);
  switch (key) {
    case " ":
      deeds.pick(active, shiftKey);
      return true;
    case "Enter":
      deeds.enter(active);
      return true;
    case "ArrowRight":
    case "ArrowLeft":
      if (line?.kind !== "group") {
        return false;
      }
      deeds.setOpen(active, key === "ArrowRight");
      return true;
    default:
      return false;
  }
}

function destination(key: string, active: number, page: number, count: number): number | null {
  const within = (position: number) => Math.max(0, Math.min(count - 1, position));
  switch (key) {
    case "ArrowDown":
      return within(active + 1);
    case "ArrowUp":
      return within(active - 1);
    case "PageDown":
      return within(active + page);
    case "PageUp":
      return within(active - page);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
