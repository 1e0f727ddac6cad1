import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  found: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, minWidth: 0 },
});

/** What a search found; busy while it answers to an older text than the one that is typed. */
export function Found({ outdated, children }: { outdated: boolean; children: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.found} aria-busy={outdated}>
      {children}
    </div>
  );
}
