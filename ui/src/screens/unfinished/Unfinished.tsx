import { MessageBar, MessageBarBody, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useEffect, useRef, useState } from "react";
import { useConnection } from "../../app/connection";
import { useRuns } from "../../app/queries";
import type { RunView } from "../../backend/types";
import { Card } from "../../components/Card";
import { LinkButton } from "../../components/LinkButton";
import { Name, Sentence } from "../../components/Name";
import { Section } from "../../components/Page";
import { Debts } from "../../components/run/Debts";
import { MadeList } from "../../components/run/MadeList";
import { RunStateMark } from "../../components/run/runState";
import { useFocusAfterwards } from "../../components/useFocusAfterwards";
import { When } from "../../components/When";
import { useWords, Words } from "../../words/useWords";
import { RunWays } from "./RunWays";
import { stillThere, stillWords, toAskAbout } from "./unfinished";

const useStyles = makeStyles({
  box: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalL },
  head: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalM, rowGap: tokens.spacingVerticalXXS },
  strong: { fontWeight: tokens.fontWeightSemibold },
  lines: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXS },
  more: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  exists: { cursor: "pointer" },
  left: { outlineStyle: "none" },
});

/**
 * The newest run of this tenant that did not come to its end, with what one can do. Nothing at all where there is none,
 * or where the journal cannot be read: Activity tells of that.
 */
export function Unfinished() {
  const { connection } = useConnection();
  const runs = useRuns();
  const [left, setLeft] = useState<RunView | null>(null);
  const [newest, ...others] = toAskAbout(runs.data?.runs ?? [], connection);
  return (
    <>
      {left !== null && <LeftAsIs key={left.id} run={left} />}
      {newest !== undefined && <Notice key={newest.id} run={newest} more={others.length} onLeft={setLeft} />}
    </>
  );
}

/** Whether the summary itself says that nothing exists: a set-up that failed or was cancelled knows, one that was stopped does not. */
function tells({ state, doing }: RunView): boolean {
  return state !== "interrupted" && doing !== "undo";
}

function Notice({ run, more, onLeft }: { run: RunView; more: number; onLeft: (run: RunView) => void }) {
  const styles = useStyles();
  const t = useWords();
  const box = useFocusAfterwards<HTMLDivElement>();
  const made = stillThere(run);
  return (
    <Section title={t("unfinished.title")}>
      <Card>
        <div ref={box} className={styles.box}>
          <div className={styles.lines}>
            <div className={styles.head}>
              <RunStateMark state={run.state} />
              <span>
                <Words
                  id="unfinished.run"
                  values={{
                    subject: (
                      <span className={styles.strong}>
                        <Sentence text={run.subject} />
                      </span>
                    ),
                    when: <When at={run.started} />,
                    operator: <Name text={run.operator} />,
                  }}
                />
              </span>
            </div>
            <Text>
              <Sentence text={run.summary} /> {made.length === 0 && !tells(run) && t("unfinished.nothing")}
            </Text>
          </div>
          {made.length > 0 && (
            <details>
              <summary className={styles.exists}>{t("unfinished.exists")}</summary>
              <MadeList made={made} />
            </details>
          )}
          <Debts run={run} />
          <RunWays run={run} quiet onLeft={onLeft}>
            <LinkButton appearance="subtle" target={{ to: "/activity/$run", params: { run: run.id } }}>
              {t("ways.see")}
            </LinkButton>
          </RunWays>
          {more > 0 && (
            <div className={styles.more}>
              <Text>{t("unfinished.more", { count: more })}</Text>
              <LinkButton appearance="subtle" target={{ to: "/activity" }}>
                {t("unfinished.activity")}
              </LinkButton>
            </div>
          )}
        </div>
      </Card>
    </Section>
  );
}

/** It takes the focus: the button that was pressed has gone. */
function LeftAsIs({ run }: { run: RunView }) {
  const styles = useStyles();
  const t = useWords();
  const still = stillWords(run);
  const words = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    // After the notice has let the focus go.
    const timer = setTimeout(() => words.current?.focus({ preventScroll: true }), 0);
    return () => clearTimeout(timer);
  }, []);
  return (
    <MessageBar intent="info" layout="multiline">
      <MessageBarBody>
        <span ref={words} tabIndex={-1} className={styles.left}>
          <Words id="unfinished.leftNow" values={{ subject: <Sentence text={run.subject} /> }} />{" "}
          {still !== null && t(still)}
        </span>
      </MessageBarBody>
    </MessageBar>
  );
}
