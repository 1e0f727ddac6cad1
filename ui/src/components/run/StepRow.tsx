import { Button, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { type ReactNode, useId, useState } from "react";
import type { RequestPreview } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { Code } from "../Id";
import { ClosedIcon, OpenedIcon } from "../icons";
import { Sentence } from "../Name";
import { RequestView } from "./RequestView";

const useStyles = makeStyles({
  row: {
    display: "grid",
    gridTemplateColumns: "20px minmax(0, 1fr) 184px 32px",
    columnGap: tokens.spacingHorizontalM,
    alignItems: "start",
    paddingBlock: tokens.spacingVerticalM,
    paddingInline: tokens.spacingHorizontalXL,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 640px)": {
      gridTemplateColumns: "24px minmax(0, 1fr) 32px",
      paddingInline: tokens.spacingHorizontalM,
    },
  },
  number: { color: tokens.colorNeutralForeground3, fontVariantNumeric: "tabular-nums" },
  text: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  title: { fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground3, fontWeight: tokens.fontWeightRegular },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  state: { "@media (max-width: 640px)": { gridRow: 2, gridColumn: 2 } },
  wide: { gridColumn: "2 / -1", minWidth: 0, marginTop: tokens.spacingVerticalS },
});

interface StepRowProps {
  number: number;
  title: string;
  term: string | null;
  /** One more line under the title. */
  note?: ReactNode;
  /** At right: what will happen, or where it stands. */
  state: ReactNode;
  /** Grey: nothing is to be done. */
  settled?: boolean;
  /** Absent where they are not known any more; empty for a step that only this computer sees. */
  requests?: RequestPreview[];
  /** Under the row, over its whole width. */
  children?: ReactNode;
}

/** One step of a plan or run, with the exact requests behind it on demand. */
export function StepRow({ number, title, term, note, state, settled = false, requests, children }: StepRowProps) {
  const styles = useStyles();
  const t = useWords();
  const [open, setOpen] = useState(false);
  const panel = useId();
  const label =
    (requests?.length ?? 0) > 1
      ? t("step.showMany", { count: requests?.length ?? 0, number })
      : t("step.show", { number });
  return (
    <li className={styles.row}>
      <span className={styles.number} aria-hidden="true">
        {number}
      </span>
      <div className={styles.text}>
        <span className={mergeClasses(styles.title, settled && styles.quiet)}>
          <Sentence text={title} />
        </span>
        {term !== null && (
          <span className={styles.small}>
            <Code>{term}</Code>
          </span>
        )}
        {note && <span className={styles.small}>{note}</span>}
      </div>
      <div className={styles.state}>{state}</div>
      {requests === undefined || requests.length === 0 ? (
        <span />
      ) : (
        <Button
          appearance="subtle"
          size="small"
          icon={open ? <OpenedIcon /> : <ClosedIcon />}
          aria-label={label}
          title={label}
          aria-expanded={open}
          aria-controls={open ? panel : undefined}
          onClick={() => setOpen(!open)}
        />
      )}
      {open && requests !== undefined && (
        <div id={panel} className={styles.wide}>
          {requests.map((request, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the requests of a step never move
            <RequestView key={index} request={request} />
          ))}
        </div>
      )}
      {children && <div className={styles.wide}>{children}</div>}
    </li>
  );
}

const useListStyles = makeStyles({ list: { margin: 0, padding: 0, listStyleType: "none" } });

export function StepList({ label, children }: { label: string; children: ReactNode }) {
  const styles = useListStyles();
  return (
    <ol className={styles.list} aria-label={label}>
      {children}
    </ol>
  );
}
