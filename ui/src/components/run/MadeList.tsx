import { makeStyles, tokens } from "@fluentui/react-components";
import type { MadeObject } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { CopyId } from "../Id";
import { Sentence } from "../Name";

const useStyles = makeStyles({
  list: {
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
  },
});

/** What a run made, each with its id. */
export function MadeList({ made }: { made: MadeObject[] }) {
  const styles = useStyles();
  const t = useWords();
  if (made.length === 0) {
    return <span>{t("run.madeNothing")}</span>;
  }
  return (
    <ul className={styles.list}>
      {made.map((object) => (
        <li key={`${object.step} ${object.idName} ${object.id}`}>
          <Sentence text={object.what} />, {object.idName}{" "}
          <CopyId id={object.id} what={`${object.what}, ${object.idName}`} />
        </li>
      ))}
    </ul>
  );
}
