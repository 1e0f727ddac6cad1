import { makeStyles, tokens } from "@fluentui/react-components";
import type { PacketFact } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { CopyButton } from "../CopyButton";
import { Facts } from "../Facts";
import { CopyId } from "../Id";
import { Sentence } from "../Name";

const useStyles = makeStyles({
  value: { display: "flex", flexDirection: "column", rowGap: tokens.spacingVerticalXXS, minWidth: 0 },
  note: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

/** Tenant, client, addresses and the secret's place, each whole and to copy, and all of them at once. */
export function PacketFacts({ facts }: { facts: PacketFact[] }) {
  const styles = useStyles();
  const t = useWords();
  const all = facts.map(({ label, value }) => `${label}: ${value}`).join("\n");
  return (
    <>
      <Facts
        facts={facts.map(({ label, value, note }) => ({
          name: label,
          value: (
            <span className={styles.value}>
              <CopyId whole id={value} what={label} />
              {note !== null && (
                <span className={styles.note}>
                  <Sentence text={note} />
                </span>
              )}
            </span>
          ),
        }))}
      />
      <div>
        <CopyButton text={all} what={t("handover.allFacts")} label={t("handover.copyAll")} />
      </div>
    </>
  );
}
