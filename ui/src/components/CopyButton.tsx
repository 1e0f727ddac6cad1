import { Button, Tooltip } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useBackend } from "../backend/context";
import { toProblem } from "../backend/problem";
import { useWords } from "../words/useWords";
import { useAnnounce } from "./Announcer";
import { CopiedIcon, CopyIcon } from "./icons";

/** How long the tick stays in place of the copy sign, in milliseconds. */
const TICK_STAYS = 2000;

/** Copies an id or an address through Rust, never a secret. `what` names it: "Client ID". */
export function CopyButton({ text, what, label }: { text: string; what: string; label?: string }) {
  const t = useWords();
  const backend = useBackend();
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);
  const name = t("copy.this", { what });

  useEffect(() => {
    if (!copied) {
      return;
    }
    const timer = setTimeout(() => setCopied(false), TICK_STAYS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await backend.copyText(text);
      setCopied(true);
      announce(t("copy.announce", { what }));
    } catch (thrown) {
      announce(t("copy.failed", { what, why: toProblem(thrown).message }));
    }
  };

  const icon = copied ? <CopiedIcon /> : <CopyIcon />;
  if (label !== undefined) {
    return (
      <Button size="small" icon={icon} onClick={copy}>
        {copied ? t("copy.done") : label}
      </Button>
    );
  }
  return (
    <Tooltip content={copied ? t("copy.done") : name} relationship="inaccessible">
      <Button size="small" appearance="subtle" icon={icon} aria-label={name} onClick={copy} />
    </Tooltip>
  );
}
