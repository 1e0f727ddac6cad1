import { Button, makeStyles, Tooltip, tokens } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { toProblem } from "../backend/problem";
import { useWords } from "../words/useWords";
import { useAnnounce } from "./Announcer";
import { useClipboard } from "./Clipboard";
import { CopiedIcon, CopyIcon } from "./icons";
import { Mark } from "./Mark";
import { visible } from "./text";

/** How long the tick stays in place of the copy sign, in milliseconds. */
const TICK_STAYS = 2000;

const useStyles = makeStyles({ failed: { fontSize: tokens.fontSizeBase200, fontFamily: tokens.fontFamilyBase } });

/** Copies an id or an address through Rust, never a secret. `what` names it: "Client ID". */
export function CopyButton({ text, what, label }: { text: string; what: string; label?: string }) {
  const styles = useStyles();
  const t = useWords();
  const { copyText } = useClipboard();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const spoken = visible(what);
  const name = t("copy.this", { what: spoken });

  useEffect(() => {
    if (!copied) {
      return;
    }
    const timer = setTimeout(() => setCopied(false), TICK_STAYS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    setFailed(null);
    try {
      await copyText(text);
      setCopied(true);
      announce(t("copy.announce", { what: spoken }));
    } catch (thrown) {
      const { message, advice } = toProblem(thrown);
      const words = t("copy.failed", { what: spoken, why: [message, advice].filter(Boolean).join(" ") });
      setFailed(words);
      announce(words);
    }
  };

  const icon = copied ? <CopiedIcon /> : <CopyIcon />;
  return (
    <>
      {label === undefined ? (
        <Tooltip content={copied ? t("copy.done") : name} relationship="inaccessible">
          <Button size="small" appearance="subtle" icon={icon} aria-label={name} onClick={copy} />
        </Tooltip>
      ) : (
        <Button size="small" icon={icon} onClick={copy}>
          {copied ? t("copy.done") : label}
        </Button>
      )}
      {failed !== null && (
        <span className={styles.failed}>
          <Mark tone="bad">{failed}</Mark>
        </span>
      )}
    </>
  );
}
