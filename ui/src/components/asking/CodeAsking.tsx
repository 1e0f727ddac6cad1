import { Button, makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useBackend } from "../../backend/context";
import type { Asking } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { CopyButton } from "../CopyButton";
import { CopyId } from "../Id";
import { OpenLinkIcon } from "../icons";
import { useDeed } from "../useDeed";
import { useSecondsUntil } from "../useSecondsUntil";
import { useAskingStyles } from "./BrowserAsking";

const useStyles = makeStyles({
  row: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    letterSpacing: "0.08em",
    userSelect: "all",
    overflowWrap: "anywhere",
  },
  left: { color: tokens.colorNeutralForeground2, fontVariantNumeric: "tabular-nums" },
});

/** The code to type on another page or device, how long it is good, and where that page is. */
export function CodeAsking({ code, cancel }: { code: Extract<Asking, { kind: "deviceCode" }>; cancel: ReactNode }) {
  const asking = useAskingStyles();
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const deed = useDeed();
  const until = Date.parse(code.expires);
  // What is no time is over.
  const left = useSecondsUntil(Number.isNaN(until) ? 0 : until);
  return (
    <>
      <p className={asking.head}>{t("ask.code")}</p>
      <div className={styles.row}>
        <code className={styles.code} dir="ltr">
          {code.userCode}
        </code>
        <CopyButton text={code.userCode} what={t("ask.codeName")} label={t("ask.copyCode")} />
        <span role="timer" className={styles.left}>
          {left > 0 ? t("ask.left", { time: clock(left) }) : t("ask.over")}
        </span>
      </div>
      <div className={styles.row}>
        <CopyId whole id={code.url} what={t("ask.page")} />
      </div>
      <p className={asking.what}>{t("ask.codeWarning")}</p>
      <div className={asking.actions}>
        <Button icon={<OpenLinkIcon />} onClick={() => deed.act(() => backend.openSignInPage(), t("ask.opened"))}>
          {t("ask.openPage")}
        </Button>
        {cancel}
      </div>
      {deed.outcome}
    </>
  );
}

/** `14:59`. */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
