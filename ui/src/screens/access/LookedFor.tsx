import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { Code } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { useWords, Words } from "../../words/useWords";
import { useAuditState } from "./AuditProvider";
import { usePermissionTitles } from "./usePermissionTitles";
import { WantedDialog } from "./WantedDialog";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalS },
  row: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
  },
  list: {
    display: "flex",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalXS,
    margin: 0,
    padding: 0,
    listStyleType: "none",
  },
});

/** The permissions that the tenant is looked through for, and the way to choose others. */
export function LookedFor() {
  const styles = useStyles();
  const t = useWords();
  const titles = usePermissionTitles();
  const { wanted, summary } = useAuditState();
  const values = summary?.permissions.map(({ value }) => value) ?? wanted;
  const missing = summary?.permissions.filter(({ offered }) => !offered) ?? [];
  return (
    <div className={styles.box}>
      <div className={styles.row}>
        <Text weight="semibold">{t("access.wanted")}</Text>
        {values.length === 0 ? (
          <Text>{t("access.wantedJob")}</Text>
        ) : (
          <ul className={styles.list} aria-label={t("access.wanted")}>
            {values.map((value) => (
              <li key={value}>
                {titles.get(value)} <Code>{value}</Code>
              </li>
            ))}
          </ul>
        )}
        <WantedDialog />
      </div>
      {missing.map(({ value }) => (
        <Mark key={value} tone="warn">
          <Words id="access.notOffered" values={{ value: <Code>{value}</Code> }} />
        </Mark>
      ))}
    </div>
  );
}
