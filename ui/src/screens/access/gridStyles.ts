import { makeStyles, tokens } from "@fluentui/react-components";
import { HIGH_CONTRAST } from "../../theme/contrast";

/** Every line is as high as this, in pixels: two lines of text and the air around them. */
export const LINE = 48;
/** And so is the head that stays above them. */
export const HEAD = 36;

const columns = {
  display: "grid",
  gridTemplateColumns: "32px minmax(148px, 2fr) 148px minmax(124px, 1.6fr) 92px 112px 138px",
  alignItems: "center",
  columnGap: tokens.spacingHorizontalSNudge,
  boxSizing: "border-box",
  paddingInline: tokens.spacingHorizontalS,
} as const;

export const useGridStyles = makeStyles({
  grid: {
    position: "relative",
    overflow: "auto",
    minHeight: 0,
    outlineStyle: "none",
    ":focus-visible": {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: `calc(-1 * ${tokens.strokeWidthThick})`,
    },
  },
  // All columns side by side at the width of the first window.
  wide: { minWidth: "848px" },
  lines: { position: "relative" },
  head: {
    ...columns,
    position: "sticky",
    top: 0,
    zIndex: 1,
    height: `${HEAD}px`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    fontWeight: tokens.fontWeightSemibold,
    fontSize: tokens.fontSizeBase200,
  },
  line: {
    ...columns,
    position: "absolute",
    top: 0,
    insetInlineStart: 0,
    width: "100%",
    height: `${LINE}px`,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    [HIGH_CONTRAST]: { ":hover": { backgroundColor: tokens.colorNeutralBackground1 } },
  },
  opens: { cursor: "pointer" },
  chosen: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Selected },
    [HIGH_CONTRAST]: {
      backgroundColor: tokens.colorNeutralBackground1,
      ":hover": { backgroundColor: tokens.colorNeutralBackground1 },
      borderInlineStartWidth: tokens.strokeWidthThickest,
      borderInlineStartStyle: "solid",
      borderInlineStartColor: tokens.colorCompoundBrandStroke,
      paddingInlineStart: `calc(${tokens.spacingHorizontalS} - ${tokens.strokeWidthThickest})`,
    },
  },
  active: {
    outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
    outlineOffset: `calc(-1 * ${tokens.strokeWidthThick})`,
  },
  pick: { display: "flex", alignItems: "center", justifyContent: "center", height: "100%", cursor: "pointer" },
  box: { accentColor: tokens.colorCompoundBrandBackground, width: "16px", height: "16px", margin: 0 },
  cell: { minWidth: 0, display: "flex", flexDirection: "column", overflow: "hidden" },
  text: { overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" },
  name: { color: tokens.colorBrandForegroundLink, "@media (forced-colors: active)": { color: "LinkText" } },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  group: {
    gridColumnEnd: "span 6",
    display: "flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalS,
    minWidth: 0,
  },
  icon: { display: "inline-flex", flexShrink: 0 },
  sort: {
    display: "inline-flex",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalXS,
    padding: 0,
    minHeight: "32px",
    border: "none",
    background: "none",
    color: "inherit",
    font: "inherit",
    cursor: "pointer",
    borderRadius: tokens.borderRadiusSmall,
    ":hover": { textDecorationLine: "underline" },
    ":focus-visible": { outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}` },
  },
});
