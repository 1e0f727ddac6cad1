import { useGridStyles } from "./gridStyles";
import { PickBox } from "./PickBox";

/** The cell around a line's box: a press beside the box means the box, and never opens the line. */
export function PickCell({
  chosen,
  label,
  onPick,
}: {
  chosen: "all" | "some" | "none";
  label: string;
  onPick: (chosen: boolean, further: boolean) => void;
}) {
  const styles = useGridStyles();
  return (
    <span
      role="gridcell"
      aria-colindex={1}
      className={styles.pick}
      onClick={(event) => {
        event.stopPropagation();
        if (event.target === event.currentTarget) {
          onPick(chosen !== "all", event.shiftKey);
        }
      }}
    >
      <PickBox chosen={chosen} label={label} onPick={onPick} />
    </span>
  );
}
