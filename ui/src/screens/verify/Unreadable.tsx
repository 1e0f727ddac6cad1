import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { Sentence } from "../../components/Name";
import { useWords } from "../../words/useWords";

const useStyles = makeStyles({
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
  body: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  // A message bar gives its body no room below.
  bar: { paddingBlock: tokens.spacingVerticalS },
});

/** What could not be read, with who may: the picture is not whole without it. */
export function Unreadable({ lines }: { lines: string[] }) {
  const styles = useStyles();
  const t = useWords();
  if (lines.length === 0) {
    return null;
  }
  return (
    <MessageBar intent="info" layout="multiline" className={styles.bar}>
      <MessageBarBody>
        <div className={styles.body}>
          <MessageBarTitle>{t("unreadable.title")}</MessageBarTitle>
          <ul className={styles.list} aria-label={t("unreadable.title")}>
            {lines.map((line) => (
              <li key={line}>
                <Sentence text={line} />
              </li>
            ))}
          </ul>
        </div>
      </MessageBarBody>
    </MessageBar>
  );
}
