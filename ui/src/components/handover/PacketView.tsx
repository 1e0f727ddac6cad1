import type { DeveloperPacket } from "../../backend/types";
import { useWords } from "../../words/useWords";
import { Card } from "../Card";
import { Mark } from "../Mark";
import { Sentence } from "../Name";
import { Section } from "../Page";
import { PacketFacts } from "./PacketFacts";
import { SnippetTabs } from "./SnippetTabs";

/** What the API developer needs: what is still missing first, then the facts, then text that is ready to run. */
export function PacketView({ packet }: { packet: DeveloperPacket }) {
  const t = useWords();
  return (
    <>
      {packet.lacks !== null && (
        <Card>
          <Mark tone="warn">
            <Sentence text={packet.lacks} />
          </Mark>
        </Card>
      )}
      <Section title={t("handover.facts")}>
        <Card>
          <PacketFacts facts={packet.facts} />
        </Card>
      </Section>
      <Section title={t("handover.snippets")}>
        <Card>
          {packet.snippets.length === 0 ? (
            t("handover.none")
          ) : (
            <SnippetTabs snippets={packet.snippets} label={t("handover.kinds")} />
          )}
        </Card>
      </Section>
    </>
  );
}
