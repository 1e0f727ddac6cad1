import { makeStyles, tokens } from "@fluentui/react-components";
import { en } from "../../words/en";
import { useWords, type WordId } from "../../words/useWords";
import { Code } from "../Id";

const useStyles = makeStyles({
  list: {
    margin: 0,
    padding: 0,
    listStyleType: "none",
    display: "flex",
    flexDirection: "column",
    rowGap: tokens.spacingVerticalXS,
  },
  item: { display: "flex", flexDirection: "column" },
});

/** What a scope is good for, where that is known. */
export function scopeWords(scope: string): WordId | null {
  const id = `scope.${scope}`;
  return id in en ? (id as WordId) : null;
}

/** Permissions of a sign-in: the thing, then the term. */
export function ScopeList({ scopes, label }: { scopes: string[]; label?: string }) {
  const styles = useStyles();
  const t = useWords();
  return (
    <ul className={styles.list} aria-label={label}>
      {scopes.map((scope) => {
        const words = scopeWords(scope);
        return (
          <li key={scope} className={styles.item}>
            {words !== null && <span>{t(words)}</span>}
            <Code>{scope}</Code>
          </li>
        );
      })}
    </ul>
  );
}
