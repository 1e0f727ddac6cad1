import { Button, type ButtonProps, makeStyles, tokens } from "@fluentui/react-components";
import { useNavigate } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";
import { BackIcon } from "./icons";

export type Target =
  | {
      to:
        | "/"
        | "/setup"
        | "/setup/app"
        | "/setup/identity"
        | "/setup/plan"
        | "/setup/run"
        | "/consent"
        | "/verify"
        | "/access"
        | "/access/credentials"
        | "/activity"
        | "/settings";
    }
  | { to: "/verify/$principal"; params: { principal: string }; search: { permissions?: string[] } }
  | { to: "/verify/$principal/handover"; params: { principal: string } }
  | { to: "/activity/$run"; params: { run: string } };

/** The check of a principal against the permissions that it was set up with. */
export function verification(principal: string, permissions: string[]): Target {
  return { to: "/verify/$principal", params: { principal }, search: { permissions } };
}

/** A button that goes to a page. */
export function LinkButton({
  target,
  children,
  appearance,
  icon,
}: {
  target: Target;
  children: ReactNode;
  appearance?: ButtonProps["appearance"];
  icon?: ReactElement;
}) {
  const navigate = useNavigate();
  return (
    <Button appearance={appearance} icon={icon} onClick={() => navigate(target)}>
      {/* A button lays its children out in a row, which would lose the space between two of them. */}
      <span>{children}</span>
    </Button>
  );
}

// The arrow, not the button's edge, stands in line with the heading.
const useStyles = makeStyles({ back: { marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalM})` } });

/** The way back, above a page's heading. */
export function BackButton({ target, children }: { target: Target; children: ReactNode }) {
  const navigate = useNavigate();
  return <BackTo onBack={() => navigate(target)}>{children}</BackTo>;
}

/** The same where what one goes back to is no page of its own. */
export function BackTo({ onBack, children }: { onBack: () => void; children: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.back}>
      <Button appearance="subtle" icon={<BackIcon />} onClick={onBack}>
        <span>{children}</span>
      </Button>
    </div>
  );
}
