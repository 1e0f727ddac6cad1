import { makeStyles, tokens, typographyStyles } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useConnection } from "../../app/connection";
import type { PermissionInfo } from "../../backend/types";
import { Code } from "../../components/Id";
import { Name } from "../../components/Name";
import { useWords, Words } from "../../words/useWords";

const useStyles = makeStyles({
  panel: {
    backgroundColor: tokens.colorNeutralBackground1,
    border: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    padding: tokens.spacingHorizontalXL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalL,
    boxSizing: "border-box",
    minWidth: 0,
  },
  head: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS },
  title: { ...typographyStyles.subtitle2, margin: 0 },
  small: { ...typographyStyles.caption1, color: tokens.colorNeutralForeground2, margin: 0 },
  list: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalM,
  },
  permission: { display: "flex", flexDirection: "column" },
  item: {
    borderInlineStartWidth: tokens.strokeWidthThicker,
    borderInlineStartStyle: "solid",
    borderInlineStartColor: tokens.colorBrandStroke2,
    paddingInlineStart: tokens.spacingHorizontalM,
    display: "flex",
    flexDirection: "column",
    minWidth: 0,
    overflowWrap: "anywhere",
  },
});

/** One thing that will exist. */
export interface Future {
  what: string;
  detail: ReactNode;
}

/** The right-hand panel of both forms: what there will be, filling in as one types. */
export function WillExist({ things, permissions }: { things: Future[]; permissions: PermissionInfo[] }) {
  const styles = useStyles();
  const t = useWords();
  const { connection } = useConnection();
  return (
    <aside className={styles.panel} aria-labelledby="will-exist">
      <div className={styles.head}>
        <h2 id="will-exist" className={styles.title}>
          {t("setup.willExist")}
        </h2>
        <p className={styles.small}>
          <Words id="setup.willExistIn" values={{ tenant: <Name text={connection.tenantName} /> }} />
        </p>
      </div>
      <ul className={styles.list}>
        {things.map((thing) => (
          <li key={thing.what} className={styles.item}>
            <span className={styles.small}>{thing.what}</span>
            <span>{thing.detail}</span>
          </li>
        ))}
        <li className={styles.item}>
          <span className={styles.small}>{t("exist.grants", { count: permissions.length })}</span>
          {permissions.map((permission) => (
            <span key={permission.value} className={styles.permission}>
              <span>{permission.title}</span>
              <Code>{permission.value}</Code>
            </span>
          ))}
        </li>
      </ul>
      <p className={styles.small}>{t("exist.nothingElse")}</p>
    </aside>
  );
}
