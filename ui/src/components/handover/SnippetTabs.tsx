import { Button, makeStyles, Tab, TabList, tokens } from "@fluentui/react-components";
import { useId, useState } from "react";
import { useBackend } from "../../backend/context";
import type { Saved, Snippet } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { CopyButton } from "../CopyButton";
import { SaveIcon } from "../icons";
import { Sentence } from "../Name";
import { TextBlock } from "../TextBlock";
import { useDeed } from "../useDeed";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM, minWidth: 0 },
  // Many kinds on a narrow page: they take another line rather than hide.
  tabs: { flexWrap: "wrap" },
  panel: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalM, minWidth: 0 },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS, alignItems: "center" },
});

/** Texts that are ready to run, one at a time: what it does, the text, Copy, Save. */
export function SnippetTabs({ snippets, label }: { snippets: Snippet[]; label: string }) {
  const styles = useStyles();
  const ids = useId();
  const [chosen, setChosen] = useState<string | null>(null);
  const shown = snippets.find(({ key }) => key === chosen) ?? snippets[0];
  if (shown === undefined) {
    return null;
  }
  return (
    <div className={styles.box}>
      <TabList
        aria-label={label}
        className={styles.tabs}
        selectedValue={shown.key}
        onTabSelect={(_, { value }) => setChosen(String(value))}
      >
        {snippets.map(({ key, title }) => (
          <Tab key={key} id={`${ids}${key}`} value={key} aria-controls={`${ids}panel`}>
            {title}
          </Tab>
        ))}
      </TabList>
      <div id={`${ids}panel`} role="tabpanel" aria-labelledby={`${ids}${shown.key}`} className={styles.panel}>
        <SnippetText key={shown.key} snippet={shown} />
      </div>
    </div>
  );
}

function SnippetText({ snippet }: { snippet: Snippet }) {
  const styles = useStyles();
  const t = useWords();
  const backend = useBackend();
  const deed = useDeed();
  const { id, title, explanation, text } = snippet;
  const save = () =>
    deed.act(
      () => backend.saveSnippet(id),
      (saved) => {
        const { path } = saved as Saved;
        return path === null ? null : t("handover.saved", { path });
      },
    );
  return (
    <>
      <span>
        <Sentence text={explanation} />
      </span>
      <TextBlock label={t("handover.textOf", { title })} text={text} />
      <div className={styles.actions}>
        <CopyButton text={text} what={title} label={t("handover.copy")} />
        {id !== "" && (
          <Button size="small" icon={<SaveIcon />} aria-label={t("handover.saveWhat", { title })} onClick={save}>
            {t("handover.save")}
          </Button>
        )}
        {deed.outcome}
      </div>
    </>
  );
}
