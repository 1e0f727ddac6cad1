import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import type { Asking } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { BrowserAsking } from "./BrowserAsking";
import { CodeAsking } from "./CodeAsking";

const useStyles = makeStyles({
  panel: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, alignItems: "stretch" },
  wait: { alignSelf: "flex-start" },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** What the operator is to do to sign in, by the way that Rust asks in. Every way can be cancelled. */
export function AskingPanel({
  how,
  onCancel,
  onUseCode,
}: {
  /** None as long as nothing is asked yet. */
  how: Asking | null;
  onCancel: () => void;
  /** Where a device code can be taken instead of the browser. */
  onUseCode?: () => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const cancel = <Button onClick={onCancel}>{t("ask.cancel")}</Button>;
  switch (how?.kind) {
    case "browser":
      return (
        <div className={styles.panel}>
          <BrowserAsking notOpened={how.notOpened} onUseCode={onUseCode} cancel={cancel} />
        </div>
      );
    case "deviceCode":
      return (
        <div className={styles.panel}>
          <CodeAsking code={how} cancel={cancel} />
        </div>
      );
    default:
      return (
        <div className={styles.panel}>
          <Spinner
            className={styles.wait}
            size="tiny"
            label={how === null ? t("ask.waiting") : t("ask.tool", { name: how.name })}
          />
          <div className={styles.actions}>{cancel}</div>
        </div>
      );
  }
}
