import { MessageBar, MessageBarBody, makeStyles } from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import type { Activated } from "../../components/standing/ActivateRole";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({ words: { outlineStyle: "none" } });

/** What came of an activation. It takes the focus: the row whose button was pressed may be gone. */
export function ActivationResult({ activated }: { activated: Activated }) {
  const styles = useStyles();
  const t = useWords();
  const words = useRef<HTMLSpanElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each activation
  useEffect(() => {
    // After the dialog has let the focus go.
    const timer = setTimeout(() => words.current?.focus(), 0);
    return () => clearTimeout(timer);
  }, [activated]);
  return (
    <MessageBar intent={activated.active ? "success" : "info"} layout="multiline">
      <MessageBarBody>
        <span ref={words} tabIndex={-1} className={styles.words}>
          {t(activated.active ? "activate.done" : "activate.taken", { role: activated.role.name })}
        </span>
      </MessageBarBody>
    </MessageBar>
  );
}
