import { makeStyles, mergeClasses, Spinner, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import {
  BadIcon,
  GoodIcon,
  InfoIcon,
  NotDoneIcon,
  TickIcon,
  UnknownIcon,
  WaitingIcon,
  WarningIcon,
  WillAddIcon,
  WillRemoveIcon,
} from "./icons";

export type Tone =
  | "good"
  | "warn"
  | "bad"
  | "info"
  | "unknown"
  | "busy"
  | "waiting"
  | "settled"
  | "skipped"
  | "adds"
  | "removes";

const useStyles = makeStyles({
  row: { display: "inline-flex", alignItems: "flex-start", columnGap: tokens.spacingHorizontalSNudge },
  icon: { display: "inline-flex", flexShrink: 0, height: tokens.lineHeightBase300, alignItems: "center" },
  good: { color: tokens.colorStatusSuccessForeground1 },
  warn: { color: tokens.colorStatusWarningForeground3 },
  bad: { color: tokens.colorStatusDangerForeground1 },
  info: { color: tokens.colorBrandForeground1 },
  quiet: { color: tokens.colorNeutralForeground3 },
});

function glyph(tone: Tone) {
  switch (tone) {
    case "good":
      return <GoodIcon />;
    case "warn":
      return <WarningIcon />;
    case "bad":
      return <BadIcon />;
    case "info":
      return <InfoIcon />;
    case "unknown":
      return <UnknownIcon />;
    case "busy":
      // Decorative: the word beside it says the same.
      return <Spinner size="extra-tiny" role="presentation" aria-hidden="true" />;
    case "waiting":
      return <WaitingIcon />;
    case "settled":
      return <TickIcon />;
    case "adds":
      return <WillAddIcon />;
    case "removes":
      return <WillRemoveIcon />;
    case "skipped":
      return <NotDoneIcon />;
  }
}

export function ToneIcon({ tone }: { tone: Tone }) {
  const styles = useStyles();
  const colour =
    tone === "good" || tone === "warn" || tone === "bad" || tone === "info"
      ? styles[tone]
      : tone === "removes"
        ? styles.warn
        : styles.quiet;
  return (
    <span className={mergeClasses(styles.icon, colour)} aria-hidden="true">
      {glyph(tone)}
    </span>
  );
}

/** A state: always a sign and a word, never a colour alone. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  const styles = useStyles();
  return (
    <span className={styles.row}>
      <ToneIcon tone={tone} />
      <span>{children}</span>
    </span>
  );
}
