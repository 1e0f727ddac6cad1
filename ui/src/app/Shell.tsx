import { makeStyles, tokens } from "@fluentui/react-components";
import { type ReactNode, useRef } from "react";
import { useWords } from "../words/useWords";
import { useConnection } from "./connection";
import { Header } from "./Header";
import { Navigation } from "./Navigation";
import { PracticeBanner } from "./PracticeBanner";

const useStyles = makeStyles({
  frame: {
    height: "100%",
    display: "grid",
    gridTemplateRows: "auto minmax(0, 1fr)",
    gridTemplateColumns: "auto minmax(0, 1fr)",
    gridTemplateAreas: '"header header" "nav main"',
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground1,
  },
  content: { gridArea: "main", display: "flex", flexDirection: "column", minWidth: 0, minHeight: 0 },
  // Scrolls below the banner, which stays in sight; holds what is hidden in it too, or the document would scroll.
  main: {
    position: "relative",
    flexGrow: 1,
    overflowY: "auto",
    outlineStyle: "none",
    minHeight: 0,
    // What is brought into sight, by the keyboard too, does not end under a page's own bar of buttons.
    scrollPaddingBottom: "96px",
  },
  skip: {
    position: "absolute",
    insetInlineStart: tokens.spacingHorizontalM,
    top: tokens.spacingVerticalS,
    zIndex: 10,
    transform: "translateY(-200%)",
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorBrandForegroundLink,
    padding: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusMedium,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke1}`,
    font: "inherit",
    ":focus-visible": { transform: "none" },
  },
});

/** Header, navigation, the practice banner, and the page. */
export function Shell({ children }: { children: ReactNode }) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  const main = useRef<HTMLElement>(null);
  return (
    <div className={styles.frame}>
      <button type="button" className={styles.skip} onClick={() => main.current?.focus()}>
        {t("frame.skip")}
      </button>
      <Header />
      <Navigation />
      <div className={styles.content}>
        {connection.practice && <PracticeBanner />}
        <main ref={main} tabIndex={-1} className={styles.main}>
          {children}
        </main>
      </div>
    </div>
  );
}
