import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { Code } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { useWords, Words } from "../../words/useWords";
import { useAuditState } from "./AuditProvider";
import { usePermissionTitles } from "./usePermissionTitles";
import { WantedDialog } from "./WantedDialog";

const useStyles = makeStyles({
  what: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "baseline",
    columnGap: tokens.spacingHorizontalM,
    minWidth: 0,
  },
  missing: { flexBasis: "100%" },
  list: {
    display: "flex",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalL,
    margin: 0,
    padding: 0,
    listStyleType: "none",
  },
});

/** The permissions that the tenant is looked through for, and the way to choose others; a part of the page's row of facts. */
export function LookedFor() {
  const styles = useStyles();
  const t = useWords();
  const titles = usePermissionTitles();
  const { wanted, summary } = useAuditState();
  const values = summary?.permissions.map(({ value }) => value) ?? wanted;
  const missing = summary?.permissions.filter(({ offered }) => !offered) ?? [];
  return (
    <>
      <div className={styles.what}>
        <Text size={200} weight="semibold">
          {t("access.wanted")}
        </Text>
        {values.length === 0 ? (
          <span>{t("access.wantedJob")}</span>
        ) : (
          <ul className={styles.list} aria-label={t("access.wanted")}>
            {values.map((value) => (
              <li key={value}>
                {titles.get(value)} <Code>{value}</Code>
              </li>
            ))}
          </ul>
        )}
      </div>
      <WantedDialog />
      {missing.map(({ value }) => (
        <div key={value} className={styles.missing}>
          <Mark tone="warn">
            <Words id="access.notOffered" values={{ value: <Code>{value}</Code> }} />
          </Mark>
        </div>
      ))}
    </>
  );
}
