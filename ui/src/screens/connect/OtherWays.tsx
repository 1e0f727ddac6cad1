import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { useId, useState } from "react";
import type { SignInWay } from "../../backend/types";
import { ClosedIcon, OpenedIcon } from "../../components/icons";
import { useWords } from "../../words/useWords";
import { needsClient } from "./signInForm";

const WAYS = ["deviceCode", "azureCli", "azureDeveloperCli"] as const;

const useStyles = makeStyles({
  opener: { marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalM})` },
  list: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
    marginTop: tokens.spacingVerticalM,
  },
  item: { display: "flex", flexDirection: "column", alignItems: "flex-start", rowGap: tokens.spacingVerticalXS },
  title: { fontWeight: tokens.fontWeightSemibold },
  what: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

/** The ways to sign in besides the browser, with what each lacks. */
export function OtherWays({
  disabled,
  understood,
  onStart,
}: {
  disabled: boolean;
  /** That one of Microsoft's clients is a conscious choice; the tools bring their own. */
  understood: boolean;
  onStart: (way: SignInWay) => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const [open, setOpen] = useState(false);
  const panel = useId();
  return (
    <div>
      <div className={styles.opener}>
        <Button
          appearance="transparent"
          icon={open ? <OpenedIcon /> : <ClosedIcon />}
          aria-expanded={open}
          aria-controls={open ? panel : undefined}
          onClick={() => setOpen(!open)}
        >
          {t("signin.others")}
        </Button>
      </div>
      {open && (
        <ul id={panel} className={styles.list} aria-label={t("signin.others")}>
          {WAYS.map((way) => (
            <li key={way} className={styles.item}>
              <span className={styles.title}>{t(`other.${way}`)}</span>
              <span className={styles.what}>{t(`other.${way}What`)}</span>
              <Button
                size="small"
                disabledFocusable={disabled || (needsClient(way) && !understood)}
                onClick={() => onStart(way)}
              >
                {t(`other.${way}Go`)}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
