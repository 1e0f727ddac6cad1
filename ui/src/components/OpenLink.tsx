import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useBackend } from "../backend/context";
import { toProblem } from "../backend/problem";
import type { Problem } from "../backend/types";
import { useWords } from "../words/useWords";
import { CopyButton } from "./CopyButton";
import { OpenLinkIcon } from "./icons";
import { Mark } from "./Mark";
import { Sentence } from "./Name";

const useStyles = makeStyles({
  failed: { display: "flex", flexWrap: "wrap", alignItems: "center", columnGap: tokens.spacingHorizontalS },
});

/** Opens an address in the system's browser; when that fails it says why and offers the address to copy. */
export function OpenLink({ url, children }: { url: string; children: string }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const [problem, setProblem] = useState<Problem | null>(null);
  const open = async () => {
    setProblem(null);
    try {
      await backend.openLink(url);
    } catch (thrown) {
      setProblem(toProblem(thrown));
    }
  };
  return (
    <>
      <Button size="small" appearance="transparent" icon={<OpenLinkIcon />} iconPosition="after" onClick={open}>
        {children}
      </Button>
      {problem !== null && (
        <span role="alert" className={styles.failed}>
          <Mark tone="bad">
            <Sentence text={[problem.message, problem.advice].filter(Boolean).join(" ")} />
          </Mark>
          <CopyButton text={url} what={t("link.address")} label={t("link.copyAddress")} />
        </span>
      )}
    </>
  );
}
