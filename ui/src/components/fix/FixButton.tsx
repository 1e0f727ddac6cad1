import { Button, type ButtonProps, Spinner } from "@fluentui/react-components";
import { useState } from "react";
import type { Fix } from "../../backend/types";
import { useWords } from "../../words/useWords";
import type { Fixing } from "./fixing";

/** Leads to the plan of a fix. */
export function FixButton({
  fixing,
  make,
  children,
  name,
  appearance,
  size = "small",
  disabled = false,
}: {
  fixing: Fixing;
  /** What is asked for, as it stands when one presses. */
  make: () => Fix;
  children: string;
  /** For the screen reader, where the words alone do not say of what. */
  name?: string;
  appearance?: ButtonProps["appearance"];
  size?: ButtonProps["size"];
  disabled?: boolean;
}) {
  const t = useWords();
  // Which of several buttons was pressed.
  const [asked, setAsked] = useState<Fix | null>(null);
  const mine = asked !== null && fixing.pending === asked;
  return (
    <Button
      size={size}
      appearance={appearance}
      aria-label={name}
      title={fixing.running ? t("ways.busy") : undefined}
      icon={mine ? <Spinner size="extra-tiny" role="presentation" aria-hidden="true" /> : undefined}
      disabledFocusable={disabled || fixing.running || fixing.pending !== null}
      onClick={() => {
        const fix = make();
        setAsked(fix);
        fixing.plan(fix);
      }}
    >
      {children}
    </Button>
  );
}
