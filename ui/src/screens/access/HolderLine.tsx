import { mergeClasses } from "@fluentui/react-components";
import { memo } from "react";
import type { HolderRow } from "../../backend/types";
import { Code, ShortId } from "../../components/Id";
import { Name } from "../../components/Name";
import { visible } from "../../components/text";
import { When } from "../../components/When";
import { useWords } from "../../words/useWords";
import { CredentialCell, hasDetails, SignInCell, TypeCell } from "./DetailCells";
import type { Detail } from "./detailStore";
import { useGridStyles } from "./gridStyles";
import { PickCell } from "./PickCell";

/** What a line can be asked for, by its place in the list. The same object for every line and every drawing. */
export interface LineActs {
  pick: (position: number, chosen: boolean, further: boolean) => void;
  open: (position: number) => void;
}

export interface Placed {
  id: string;
  position: number;
  /** Pixels from the top of the list. */
  top: number;
  active: boolean;
  acts: LineActs;
}

/** One grant: who holds what, since when, and what is known of the holder. */
export const HolderLine = memo(function HolderLine({
  id,
  position,
  top,
  active,
  acts,
  row,
  title,
  chosen,
  detail,
  level,
}: Placed & {
  row: HolderRow;
  /** What the permission lets one do; empty where only its value is known. */
  title: string;
  chosen: boolean;
  detail: Detail | undefined;
  /** Below a group's head: 2. */
  level: number | undefined;
}) {
  const styles = useGridStyles();
  const t = useWords();
  const opens = hasDetails(row.principalType);
  const name = visible(row.name);
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={position + 2}
      aria-selected={chosen}
      aria-level={level}
      data-testid="holder"
      className={mergeClasses(styles.line, opens && styles.opens, chosen && styles.chosen, active && styles.active)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={opens ? () => acts.open(position) : undefined}
    >
      <PickCell
        chosen={chosen ? "all" : "none"}
        label={t("access.chooseRow", { name, permission: row.permission })}
        onPick={(now, further) => acts.pick(position, now, further)}
      />
      <span role="gridcell" aria-colindex={2} className={styles.cell}>
        <span className={mergeClasses(styles.text, opens && styles.name)} title={name}>
          <Name text={row.name} oneLine />
        </span>
        <span className={styles.small}>
          <ShortId id={row.principalId} />
        </span>
      </span>
      <span role="gridcell" aria-colindex={3} className={styles.cell}>
        <TypeCell type={row.principalType} detail={detail} />
      </span>
      <span role="gridcell" aria-colindex={4} className={styles.cell} title={row.permission}>
        {title !== "" && <span className={styles.text}>{title}</span>}
        <span className={styles.text}>
          <Code>{row.permission}</Code>
        </span>
      </span>
      <span role="gridcell" aria-colindex={5} className={styles.cell}>
        {row.grantedAt === null ? t("word.unknown") : <When at={row.grantedAt} day />}
      </span>
      <span role="gridcell" aria-colindex={6} className={styles.cell}>
        <SignInCell type={row.principalType} detail={detail} />
      </span>
      <span role="gridcell" aria-colindex={7} className={styles.cell}>
        <CredentialCell type={row.principalType} detail={detail} />
      </span>
    </div>
  );
});
