import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  card: {
    backgroundColor: tokens.colorNeutralBackground1,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    padding: tokens.spacingHorizontalXXL,
    boxSizing: "border-box",
    minWidth: 0,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
    "@media (max-width: 640px)": { padding: tokens.spacingHorizontalL },
  },
  flush: { padding: 0, overflow: "hidden", "@media (max-width: 640px)": { padding: 0 } },
});

/** A plain surface that holds one thing. `flush` where a table reaches its edges. */
export function Card({
  children,
  flush = false,
  className,
}: {
  children: ReactNode;
  flush?: boolean;
  className?: string;
}) {
  const styles = useStyles();
  return <div className={mergeClasses(styles.card, flush && styles.flush, className)}>{children}</div>;
}
