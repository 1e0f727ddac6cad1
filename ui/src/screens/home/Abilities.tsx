import { makeStyles, tokens } from "@fluentui/react-components";
import type { Ability } from "../../backend/types";
import { Card } from "../../components/Card";
import { Sentence } from "../../components/Name";
import { type Activated, ActivateRole } from "../../components/standing/ActivateRole";
import { StandingMark } from "../../components/standing/StandingMark";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0, display: "flex", flexDirection: "column" },
  ability: {
    display: "grid",
    gridTemplateColumns: "minmax(0, 1fr) 240px",
    // What stands at right may be the taller one.
    gridTemplateRows: "auto auto 1fr",
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalXXS,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXXL}`,
    ":not(:last-child)": { borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}` },
    "@media (max-width: 640px)": { gridTemplateColumns: "minmax(0, 1fr)", paddingInline: tokens.spacingHorizontalL },
  },
  what: { fontWeight: tokens.fontWeightSemibold },
  mark: { gridColumn: 2, gridRow: "1 / 4", "@media (max-width: 640px)": { gridColumn: 1, gridRow: "auto" } },
  reason: { color: tokens.colorNeutralForeground2, gridColumn: 1 },
  roles: {
    gridColumn: 1,
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalS,
    marginTop: tokens.spacingVerticalXS,
  },
});

/** For each part of the job whether one can do it, and the role to activate right there. */
export function Abilities({
  abilities,
  onActivated,
}: {
  abilities: Ability[];
  onActivated: (activated: Activated) => void;
}) {
  const styles = useStyles();
  return (
    <Card flush>
      <ul className={styles.list}>
        {abilities.map(({ what, standing }) => (
          <li key={what} className={styles.ability}>
            <span className={styles.what}>
              <Sentence text={what} />
            </span>
            <span className={styles.mark}>
              <StandingMark standing={standing} />
            </span>
            <span className={styles.reason}>
              <Sentence text={standing.reason} />
            </span>
            {standing.activate.length > 0 && (
              <div className={styles.roles}>
                {standing.activate.map((role) => (
                  <ActivateRole key={role.roleId} role={role} named onActivated={onActivated} />
                ))}
              </div>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
