import { makeStyles } from "@fluentui/react-components";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import { visible } from "./text";

const AnnounceContext = createContext<(words: string) => void>(() => undefined);

const useHiddenText = makeStyles({
  hidden: {
    position: "absolute",
    width: "1px",
    height: "1px",
    margin: "-1px",
    overflow: "hidden",
    clipPath: "inset(50%)",
    whiteSpace: "nowrap",
  },
});

/** One polite live region for the whole page; it outlives the screens, so nothing said is lost with one. */
export function Announcer({ children }: { children: ReactNode }) {
  const { hidden } = useHiddenText();
  const [said, setSaid] = useState({ words: "", times: 0 });
  const announce = useCallback(
    (words: string) => setSaid((before) => ({ words: visible(words), times: before.times + 1 })),
    [],
  );
  return (
    <AnnounceContext.Provider value={announce}>
      {children}
      <div role="status" aria-live="polite" className={hidden} data-testid="announcer">
        {/* A new element each time, so that the same words twice are said twice. */}
        <span key={said.times}>{said.words}</span>
      </div>
    </AnnounceContext.Provider>
  );
}

/** `announce(words)`: says them to a screen reader when it is idle. */
export function useAnnounce(): (words: string) => void {
  return useContext(AnnounceContext);
}

/** Text for the screen reader alone. */
export function HiddenText({ children }: { children: ReactNode }) {
  const { hidden } = useHiddenText();
  return <span className={hidden}>{children}</span>;
}
