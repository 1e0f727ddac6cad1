import { Button, makeStyles, tokens, typographyStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useBackend } from "../../backend/context";
import { useWords, Words } from "../../words/useWords";
import { CopyIcon, OpenLinkIcon } from "../icons";
import { ToneIcon } from "../Mark";
import { Sentence } from "../Name";
import { useDeed } from "../useDeed";

export const useAskingStyles = makeStyles({
  head: { display: "flex", columnGap: tokens.spacingHorizontalS, ...typographyStyles.subtitle2, margin: 0 },
  what: { margin: 0, color: tokens.colorNeutralForeground2 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** The sign-in goes on in the system's browser. Its address is Rust's to copy and open: the page never has it. */
export function BrowserAsking({
  notOpened,
  onUseCode,
  cancel,
}: {
  notOpened: string | null;
  onUseCode?: () => void;
  cancel: ReactNode;
}) {
  const styles = useAskingStyles();
  const t = useWords();
  const backend = useBackend();
  const deed = useDeed();
  return (
    <>
      <p className={styles.head}>
        <ToneIcon tone={notOpened === null ? "busy" : "warn"} />
        {t(notOpened === null ? "ask.browser" : "ask.notOpened")}
      </p>
      <p className={styles.what}>
        {notOpened === null ? (
          t("ask.browserWhat")
        ) : (
          <Words id="ask.notOpenedWhat" values={{ why: <Sentence text={notOpened} /> }} />
        )}
      </p>
      <div className={styles.actions}>
        <Button icon={<CopyIcon />} onClick={() => deed.act(() => backend.copySignInLink(), t("ask.linkCopied"))}>
          {t("ask.copyLink")}
        </Button>
        <Button icon={<OpenLinkIcon />} onClick={() => deed.act(() => backend.openSignInPage(), t("ask.opened"))}>
          {t("ask.openAgain")}
        </Button>
        {notOpened !== null && onUseCode && <Button onClick={onUseCode}>{t("ask.useCode")}</Button>}
        {cancel}
      </div>
      {deed.outcome}
    </>
  );
}
