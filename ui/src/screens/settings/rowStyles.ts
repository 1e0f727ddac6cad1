import { makeStyles, tokens } from "@fluentui/react-components";

/** A list of kept things: each with its words at left and what one can do with it at right. */
export const useRowStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column" },
  row: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    justifyContent: "space-between",
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalM,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    ":first-child": { paddingTop: 0 },
    ":last-child": { paddingBottom: 0 },
  },
  text: { display: "flex", flexDirection: "column", minWidth: 0, flexBasis: "240px", flexGrow: 1 },
  what: { color: tokens.colorNeutralForeground2 },
  small: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    overflowWrap: "anywhere",
  },
  // Below the words of its row, however wide that is.
  below: { flexBasis: "100%" },
  form: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL, maxWidth: "480px" },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});
