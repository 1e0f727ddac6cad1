import { makeStyles, tokens } from "@fluentui/react-components";
import type { ConsentPermission } from "../../backend/types";
import { useWords, Words } from "../../words/useWords";
import { Code } from "../Id";
import { Mark } from "../Mark";
import { Name } from "../Name";
import { When } from "../When";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none", display: "flex", flexDirection: "column" },
  row: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) 208px",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXXS,
    paddingBlock: tokens.spacingVerticalSNudge,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)" },
  },
  what: { display: "flex", flexDirection: "column", minWidth: 0 },
  title: { fontWeight: tokens.fontWeightSemibold },
});

/** What is asked for; with `granted`, in the same order, how far it is. */
export function ConsentPermissions({
  permissions,
  granted,
}: {
  permissions: ConsentPermission[];
  granted?: (string | null)[];
}) {
  const styles = useStyles();
  const t = useWords();
  return (
    <ul className={styles.list} aria-label={t("consent.permissions")}>
      {permissions.map((permission, index) => (
        <li key={permission.appRoleId} className={styles.row}>
          <span className={styles.what}>
            <span className={styles.title}>
              <Name text={permission.title} />
            </span>
            <Code>{permission.value}</Code>
          </span>
          {granted !== undefined && <State at={granted[index] ?? null} />}
        </li>
      ))}
    </ul>
  );
}

function State({ at }: { at: string | null }) {
  const t = useWords();
  return at === null ? (
    <Mark tone="waiting">{t("consent.isAwaited")}</Mark>
  ) : (
    <Mark tone="good">
      <Words id="consent.isGranted" values={{ date: <When at={at} /> }} />
    </Mark>
  );
}
