import { makeStyles, mergeClasses, Text, tokens, typographyStyles } from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";
import { useWords } from "../words/useWords";

const useStyles = makeStyles({
  page: {
    maxWidth: "1040px",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXXL,
    paddingBlock: tokens.spacingVerticalXXL,
    paddingInline: tokens.spacingHorizontalXXL,
    boxSizing: "border-box",
  },
  dense: {
    minHeight: "100%",
    rowGap: tokens.spacingVerticalS,
    paddingBlock: `${tokens.spacingVerticalM} ${tokens.spacingVerticalS}`,
  },
  head: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  row: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
  },
  title: { ...typographyStyles.title2, margin: 0, outlineStyle: "none", overflowWrap: "anywhere" },
  lead: { color: tokens.colorNeutralForeground2, margin: 0, ...typographyStyles.body1 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  section: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM },
  heading: { ...typographyStyles.subtitle2, margin: 0 },
});

interface PageProps {
  title: ReactNode;
  /** The title as plain text, for the document's own title. */
  titleText: string;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Above the title: the way back. */
  back?: ReactNode;
  /** Little air, and at least as high as the window: for a list that takes what height is left. */
  dense?: boolean;
  children: ReactNode;
}

/** A page: heading, one sentence, actions, content. Its heading takes the focus when it appears. */
export function Page({ title, titleText, lead, actions, back, dense = false, children }: PageProps) {
  const styles = useStyles();
  const t = useWords();
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    const main = heading.current?.closest("main");
    if (main) {
      main.scrollTop = 0;
    }
  }, []);

  useEffect(() => {
    document.title = `${titleText} – ${t("app.name")}`;
  }, [titleText, t]);

  return (
    <div className={mergeClasses(styles.page, dense && styles.dense)}>
      <header className={styles.head}>
        {back}
        <div className={styles.row}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {title}
          </h1>
          {actions && <div className={styles.actions}>{actions}</div>}
        </div>
        {lead && <p className={styles.lead}>{lead}</p>}
      </header>
      {children}
    </div>
  );
}

/** A titled part of a page. */
export function Section({
  title,
  children,
  className,
  actions,
}: {
  title: ReactNode;
  children: ReactNode;
  className?: string;
  actions?: ReactNode;
}) {
  const styles = useStyles();
  return (
    <section className={mergeClasses(styles.section, className)}>
      <div className={styles.row}>
        <h2 className={styles.heading}>{title}</h2>
        {actions}
      </div>
      {children}
    </section>
  );
}

/** Nothing to show, and the next sensible act. */
export function Empty({ title, children, action }: { title: ReactNode; children: ReactNode; action?: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.section}>
      <Text weight="semibold">{title}</Text>
      <Text>{children}</Text>
      {action && <div>{action}</div>}
    </div>
  );
}
