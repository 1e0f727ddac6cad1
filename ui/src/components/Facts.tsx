import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  list: {
    display: "grid",
    gridTemplateColumns: "minmax(112px, max-content) minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalSNudge,
    margin: 0,
    "@media (max-width: 520px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  term: { color: tokens.colorNeutralForeground2, lineHeight: tokens.lineHeightBase400 },
  value: { margin: 0, minWidth: 0, lineHeight: tokens.lineHeightBase400, overflowWrap: "anywhere" },
});

/** Names and values, one beside the other. A fact without a value is left out. */
export function Facts({ facts }: { facts: { name: string; value: ReactNode }[] }) {
  const styles = useStyles();
  return (
    <dl className={styles.list}>
      {facts
        .filter(({ value }) => value !== null && value !== undefined && value !== false)
        .map(({ name, value }) => [
          <dt key={`${name}-term`} className={styles.term}>
            {name}
          </dt>,
          <dd key={`${name}-value`} className={styles.value}>
            {value}
          </dd>,
        ])}
    </dl>
  );
}
