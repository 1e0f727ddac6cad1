import { makeStyles, tokens } from "@fluentui/react-components";
import type { MadeObject } from "../../backend/types";
import { useWords, type WordId, Words } from "../../words/useWords";
import { CopyId } from "../Id";
import { Sentence } from "../Name";
import { When } from "../When";

const useStyles = makeStyles({
  list: {
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalL,
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
  },
  removed: { display: "block", color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** What a run made, each with its id, and what became of it. */
export function MadeList({ made, none = "run.madeNothing" }: { made: MadeObject[]; none?: WordId }) {
  const styles = useStyles();
  const t = useWords();
  if (made.length === 0) {
    return <span>{t(none)}</span>;
  }
  return (
    <ul className={styles.list}>
      {made.map((object) => (
        <li key={`${object.step} ${object.idName} ${object.id}`}>
          <Sentence text={object.what} />, {object.idName}{" "}
          <CopyId id={object.id} what={`${object.what}, ${object.idName}`} />
          <Removed object={object} />
        </li>
      ))}
    </ul>
  );
}

function Removed({ object: { removed, restorableUntil } }: { object: MadeObject }) {
  const styles = useStyles();
  if (removed === null) {
    return null;
  }
  const date = <When at={removed} day />;
  return (
    <span className={styles.removed}>
      {restorableUntil === null ? (
        <Words id="made.removed" values={{ date }} />
      ) : (
        <Words id="made.restorable" values={{ date, until: <When at={restorableUntil} day /> }} />
      )}
    </span>
  );
}

/** How many things a run made: an app counts once, though it has two ids. */
export function thingsIn(made: MadeObject[]): number {
  return new Set(made.map(({ step, what }) => `${step} ${what}`)).size;
}
