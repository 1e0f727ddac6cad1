import { AscendingIcon, DescendingIcon } from "../../components/icons";
import { useWords, type WordId } from "../../words/useWords";
import { useGridStyles } from "./gridStyles";
import { PickBox } from "./PickBox";
import type { Sort, SortKey } from "./rows";

const COLUMNS: { word: WordId; sort?: SortKey }[] = [
  { word: "access.name", sort: "name" },
  { word: "access.type" },
  { word: "access.permission", sort: "permission" },
  { word: "access.granted", sort: "granted" },
  { word: "access.signIn" },
  { word: "access.credential" },
];

/** With the box that chooses all: so many columns. */
export const COLUMN_COUNT = COLUMNS.length + 1;

/** The columns' names, those to sort by as buttons, and the box that chooses all rows that are shown. */
export function GridHead({
  sort,
  onSort,
  count,
  chosen,
  onChooseAll,
}: {
  sort: Sort;
  onSort: (sort: Sort) => void;
  count: number;
  chosen: "all" | "some" | "none";
  onChooseAll: (chosen: boolean) => void;
}) {
  const styles = useGridStyles();
  const t = useWords();
  return (
    <div role="row" aria-rowindex={1} className={styles.head}>
      <span role="columnheader" aria-colindex={1} className={styles.pick}>
        <PickBox chosen={chosen} label={t("access.chooseAll", { count })} onPick={onChooseAll} tabIndex={0} />
      </span>
      {COLUMNS.map(({ word, sort: key }, index) => {
        const by = key !== undefined && sort.key === key;
        return (
          <span
            key={word}
            role="columnheader"
            aria-colindex={index + 2}
            aria-sort={by ? (sort.descending ? "descending" : "ascending") : undefined}
          >
            {key === undefined ? (
              t(word)
            ) : (
              <button
                type="button"
                className={styles.sort}
                onClick={() => onSort({ key, descending: by && !sort.descending })}
              >
                {t(word)}
                {by && (
                  <span aria-hidden="true" className={styles.icon}>
                    {sort.descending ? <DescendingIcon /> : <AscendingIcon />}
                  </span>
                )}
              </button>
            )}
          </span>
        );
      })}
    </div>
  );
}
