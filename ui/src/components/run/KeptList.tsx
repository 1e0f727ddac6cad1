import { makeStyles, tokens } from "@fluentui/react-components";
import type { KeptObject } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { Card } from "../Card";
import { CopyId } from "../Id";
import { Sentence } from "../Name";
import { Section } from "../Page";

const useStyles = makeStyles({
  list: {
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalS,
  },
  reason: { display: "block", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** What a run made and undoing leaves as it is, each with its reason. */
export function KeptList({ kept }: { kept: KeptObject[] }) {
  const styles = useStyles();
  const t = useWords();
  if (kept.length === 0) {
    return null;
  }
  return (
    <Section title={t("plan.kept")}>
      <Card>
        <ul className={styles.list}>
          {kept.map((object) => (
            <li key={`${object.idName} ${object.id}`}>
              <Sentence text={object.what} />, {object.idName}{" "}
              <CopyId id={object.id} what={`${object.what}, ${object.idName}`} />
              <span className={styles.reason}>
                <Sentence text={object.reason} />
              </span>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}
