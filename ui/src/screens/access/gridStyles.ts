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
  // The group and not its row: what sticks stays within its parent.
  headGroup: { position: "sticky", top: 0, zIndex: 1 },
  lines: { position: "relative" },
  head: {
    ...columns,
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
    [HIGH_CONTRAST]: {
      ":hover": {
        backgroundColor: tokens.colorNeutralBackground1,
        outline: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralForeground1}`,
        outlineOffset: "-3px",
      },
    },
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
  // Drawn here: the platform's own is a full white box in the dark, and a black one on black in high contrast.
  box: {
    appearance: "none",
    position: "relative",
    boxSizing: "border-box",
    flexShrink: 0,
    width: "16px",
    height: "16px",
    margin: 0,
    cursor: "pointer",
    borderRadius: tokens.borderRadiusSmall,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStrokeAccessible}`,
    backgroundColor: tokens.colorNeutralBackground1,
    ":checked": {
      backgroundColor: tokens.colorCompoundBrandBackground,
      border: `${tokens.strokeWidthThin} solid ${tokens.colorCompoundBrandBackground}`,
    },
    ":focus-visible": {
      outline: `${tokens.strokeWidthThick} solid ${tokens.colorStrokeFocus2}`,
      outlineOffset: tokens.strokeWidthThin,
    },
    // A hook: two edges of a turned box.
    ":checked::after": {
      content: '""',
      position: "absolute",
      insetInlineStart: "4px",
      top: "1px",
      width: "4px",
      height: "8px",
      borderRight: `${tokens.strokeWidthThick} solid ${tokens.colorNeutralForegroundInverted}`,
      borderBottom: `${tokens.strokeWidthThick} solid ${tokens.colorNeutralForegroundInverted}`,
      transform: "rotate(45deg)",
    },
    // A square: some.
    ":indeterminate::after": {
      content: '""',
      position: "absolute",
      inset: "3px",
      borderTop: `8px solid ${tokens.colorCompoundBrandBackground}`,
    },
  },
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
