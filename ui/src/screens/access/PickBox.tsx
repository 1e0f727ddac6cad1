import { useEffect, useRef } from "react";
import { useGridStyles } from "./gridStyles";

/** A box to choose one row or many by. The platform's own: a thousand of a richer kind would make scrolling heavy. */
export function PickBox({
  chosen,
  label,
  onPick,
  tabIndex = -1,
}: {
  chosen: "all" | "some" | "none";
  label: string;
  /** `further`: everything from the last choice on. */
  onPick: (chosen: boolean, further: boolean) => void;
  tabIndex?: number;
}) {
  const styles = useGridStyles();
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) {
      box.current.indeterminate = chosen === "some";
    }
  }, [chosen]);
  return (
    <input
      ref={box}
      type="checkbox"
      className={styles.box}
      tabIndex={tabIndex}
      aria-label={label}
      checked={chosen === "all"}
      onChange={({ target, nativeEvent }) =>
        onPick(target.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
      }
    />
  );
}
