import { mergeClasses } from "@fluentui/react-components";
import { ClosedIcon, OpenedIcon } from "../../components/icons";
import { Name } from "../../components/Name";
import { visible } from "../../components/text";
import { useWords } from "../../words/useWords";
import { useGridStyles } from "./gridStyles";
import type { Placed } from "./HolderLine";
import { PickCell } from "./PickCell";

/** The head of a group: what its rows share, and how many they are. */
export function GroupLine({
  id,
  position,
  top,
  active,
  acts,
  name,
  count,
  open,
  chosen,
}: Placed & { name: string; count: number; open: boolean; chosen: "all" | "some" | "none" }) {
  const styles = useGridStyles();
  const t = useWords();
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={position + 2}
      aria-level={1}
      aria-expanded={open}
      aria-selected={chosen === "all"}
      data-testid="group"
      className={mergeClasses(styles.line, styles.opens, chosen === "all" && styles.chosen, active && styles.active)}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => acts.open(position)}
    >
      <PickCell
        chosen={chosen}
        label={t("access.chooseGroup", { name: visible(name), count })}
        onPick={(now, further) => acts.pick(position, now, further)}
      />
      <span role="gridcell" aria-colindex={2} aria-colspan={6} className={styles.group}>
        <span aria-hidden="true" className={styles.icon}>
          {open ? <OpenedIcon /> : <ClosedIcon />}
        </span>
        <span className={styles.text} title={visible(name)}>
          <Name text={name} oneLine strong />
        </span>
        <span className={styles.small}>{t("access.groupCount", { count })}</span>
      </span>
    </div>
  );
}
