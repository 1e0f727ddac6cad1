import { type ReactNode, useState } from "react";
import { toProblem } from "../backend/problem";
import { useAnnounce } from "./Announcer";
import { Mark } from "./Mark";
import { Sentence } from "./Name";

/** A small deed behind a button, such as copying: what came of it stands beside the button and is said once. */
export function useDeed(): {
  /** Does it, and then says `done`; a deed that answers `null` was called off and says nothing. */
  act: (deed: () => Promise<unknown>, done: string | ((answer: unknown) => string | null)) => Promise<void>;
  outcome: ReactNode;
} {
  const announce = useAnnounce();
  const [outcome, setOutcome] = useState<{ good: boolean; words: string } | null>(null);
  const tell = (good: boolean, words: string | null) => {
    setOutcome(words === null ? null : { good, words });
    if (words !== null) {
      announce(words);
    }
  };
  return {
    act: async (deed, done) => {
      setOutcome(null);
      try {
        const answer = await deed();
        tell(true, typeof done === "string" ? done : done(answer));
      } catch (thrown) {
        const { message, advice } = toProblem(thrown);
        tell(false, [message, advice].filter(Boolean).join(" "));
      }
    },
    outcome: outcome && (
      <Mark tone={outcome.good ? "good" : "bad"}>
        <Sentence text={outcome.words} />
      </Mark>
    ),
  };
}
