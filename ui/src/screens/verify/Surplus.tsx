import { Checkbox, makeStyles, tokens } from "@fluentui/react-components";
import { useState } from "react";
import type { Fix, SurplusRow, Verification } from "../../backend/types";
import { Card } from "../../components/Card";
import { FixButton } from "../../components/fix/FixButton";
import { useFixing } from "../../components/fix/fixing";
import { Code } from "../../components/Id";
import { Mark } from "../../components/Mark";
import { Sentence } from "../../components/Name";
import { Section } from "../../components/Page";
import { ProblemView } from "../../components/ProblemView";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { risk } from "./risk";

const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: "none" },
  row: {
    display: "grid",
    gridTemplateColumns: "max-content minmax(0, 1fr) 160px max-content",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    alignItems: "start",
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    borderBottom: `${tokens.strokeWidthThin} solid ${tokens.colorNeutralStroke2}`,
    "@media (max-width: 640px)": { gridTemplateColumns: "max-content minmax(0, 1fr)" },
  },
  second: { "@media (max-width: 640px)": { gridColumn: 2 } },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  small: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  foot: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
  },
});

/** Permissions beyond those needed, riskiest first; one or several can be taken away. */
export function Surplus({ seen }: { seen: Verification }) {
  const styles = useStyles();
  const t = useWords();
  const fixing = useFixing();
  const [ticked, setTicked] = useState<string[]>([]);
  const { surplus: rows, principal } = seen;
  if (rows.length === 0) {
    return (
      <Section title={t("surplus.title")}>
        <Card>
          <Mark tone="good">{t("surplus.none")}</Mark>
        </Card>
      </Section>
    );
  }
  const revoke = (which: SurplusRow[]): Fix => ({
    kind: "revoke",
    grants: which.map(({ grant }) => ({ id: grant.id, principal: principal.objectId ?? "" })),
  });
  // What was ticked before a further look may be gone.
  const chosen = rows.filter(({ grant }) => ticked.includes(grant.id));
  const all = chosen.length === rows.length;
  const mayAct = principal.objectId !== null;
  const tick = (id: string, on: boolean) =>
    setTicked((before) => (on ? [...before, id] : before.filter((other) => other !== id)));
  return (
    <Section title={t("surplus.title")}>
      <Card flush>
        <ul className={styles.list} aria-label={t("surplus.title")}>
          {rows.map((row) => (
            <li key={row.grant.id} className={styles.row} data-testid="surplus">
              {mayAct && rows.length > 1 ? (
                <Checkbox
                  aria-label={t("surplus.choose", { permission: row.value })}
                  checked={ticked.includes(row.grant.id)}
                  onChange={(_, data) => tick(row.grant.id, data.checked === true)}
                />
              ) : (
                <span />
              )}
              <SurplusText row={row} />
              <span className={styles.second}>
                <Mark tone={risk(row.risk).tone}>{t(risk(row.risk).word)}</Mark>
              </span>
              {mayAct && (
                <span className={styles.second}>
                  <FixButton
                    fixing={fixing}
                    make={() => revoke([row])}
                    name={t("surplus.removeOf", { permission: row.value })}
                  >
                    {t("surplus.remove")}
                  </FixButton>
                </span>
              )}
            </li>
          ))}
        </ul>
        {mayAct && rows.length > 1 && (
          <div className={styles.foot}>
            <Checkbox
              label={t("surplus.all")}
              checked={all ? true : chosen.length > 0 ? "mixed" : false}
              onChange={() => setTicked(all ? [] : rows.map(({ grant }) => grant.id))}
            />
            <FixButton fixing={fixing} make={() => revoke(chosen)} disabled={chosen.length === 0}>
              {t("surplus.removeMany", { count: chosen.length })}
            </FixButton>
          </div>
        )}
      </Card>
      {fixing.problem !== null && <ProblemView problem={fixing.problem} />}
    </Section>
  );
}

function SurplusText({ row }: { row: SurplusRow }) {
  const styles = useStyles();
  return (
    <span className={styles.lines}>
      <Code>{row.value}</Code>
      <span className={styles.small}>
        <Sentence text={row.explanation} />
        {row.grant.at !== null && (
          <>
            {" · "}
            <Words id="surplus.granted" values={{ date: <When at={row.grant.at} day /> }} />
          </>
        )}
      </span>
    </span>
  );
}
