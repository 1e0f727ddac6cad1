import { makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { EligibleRole } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { Mark } from "../Mark";
import { type Activated, ActivateRole } from "./ActivateRole";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS, alignItems: "flex-start" },
  row: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** The roles of which one is enough, each to be activated, and what came of it. */
export function Activations({
  roles,
  onActivated,
}: {
  roles: EligibleRole[];
  onActivated?: (activated: Activated) => void;
}) {
  const styles = useStyles();
  const t = useWords();
  const [last, setLast] = useState<Activated | null>(null);
  return (
    <div className={styles.box}>
      <div className={styles.row}>
        {roles.map((role) => (
          <ActivateRole
            key={role.roleId}
            role={role}
            named
            onActivated={(activated) => {
              setLast(activated);
              onActivated?.(activated);
            }}
          />
        ))}
      </div>
      {last !== null && (
        <Mark tone={last.active ? "good" : "info"}>
          {t(last.active ? "activate.done" : "activate.taken", { role: last.role.name })}
        </Mark>
      )}
    </div>
  );
}
