import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import type { RunView } from "../../backend/types";
import { useWords, type WordId } from "../../words/useWords";
import { CopyId } from "../Id";
import { Name } from "../Name";

const useStyles = makeStyles({
  body: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  // A message bar gives its body no room below.
  bar: { paddingBlock: tokens.spacingVerticalS },
  list: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
});

/** What would remove them, of that which can be done with the run. */
function whoRemoves({ ways: { canContinue, canUndo } }: RunView): WordId {
  if (canContinue) {
    return canUndo ? "debt.both" : "debt.continue";
  }
  return canUndo ? "debt.undo" : "debt.plan";
}

/** Secrets of a run that may exist in Entra and whose value nobody has. */
export function Debts({ run }: { run: RunView }) {
  const styles = useStyles();
  const t = useWords();
  if (run.debts.length === 0) {
    return null;
  }
  return (
    <MessageBar intent="warning" layout="multiline" className={styles.bar}>
      <MessageBarBody>
        <div className={styles.body}>
          <span>{t("debt.what", { count: run.debts.length })}</span>
          <ul className={styles.list}>
            {run.debts.map(({ description, keyId, clientId }) => (
              <li key={`${clientId} ${description}`}>
                <Name text={description} strong />
                {keyId !== null && (
                  <>
                    , {t("done.keyId")} <CopyId id={keyId} what={`${description}, ${t("done.keyId")}`} />
                  </>
                )}
                , {t("word.clientId")} <CopyId id={clientId} what={`${description}, ${t("word.clientId")}`} />
              </li>
            ))}
          </ul>
          <span>{t(whoRemoves(run), { count: run.debts.length })}</span>
        </div>
      </MessageBarBody>
    </MessageBar>
  );
}
