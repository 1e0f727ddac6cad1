import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";

const useStyles = makeStyles({
  box: {
    maxHeight: "420px",
    overflow: "auto",
    minWidth: 0,
    padding: tokens.spacingHorizontalM,
    backgroundColor: tokens.colorNeutralBackground3,
    // Seen in high contrast only, where the background tells nothing.
    border: `${tokens.strokeWidthThin} solid ${tokens.colorTransparentStroke}`,
    borderRadius: tokens.borderRadiusMedium,
    ":focus-visible": {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: `calc(-1 * ${tokens.strokeWidthThick})`,
    },
  },
  text: {
    margin: 0,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    whiteSpace: "pre",
  },
  wrap: { whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
});

/** Text as a machine reads it. It scrolls by itself and takes the keyboard, so that the arrows can move it. */
export function TextBlock({ label, text, wrap = false }: { label: string; text: string; wrap?: boolean }) {
  const styles = useStyles();
  return (
    <section className={styles.box} aria-label={label} tabIndex={0}>
      <pre className={mergeClasses(styles.text, wrap && styles.wrap)} dir="ltr">
        {text}
      </pre>
    </section>
  );
}
