import type { Tone } from "../../components/Mark";
import type { WordId } from "../../words/useWords";

/** Microsoft's rating of a permission, 1 (low) to 5 (high); none where unrated. */
export function risk(level: number | null): { tone: Tone; word: WordId } {
  switch (level) {
    case 5:
      return { tone: "bad", word: "surplus.risk5" };
    case 4:
      return { tone: "bad", word: "surplus.risk4" };
    case 3:
      return { tone: "warn", word: "surplus.risk3" };
    case 2:
      return { tone: "info", word: "surplus.risk2" };
    case 1:
      return { tone: "info", word: "surplus.risk1" };
    default:
      return { tone: "unknown", word: "surplus.riskNone" };
  }
}
