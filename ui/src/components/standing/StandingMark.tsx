import type { Able, Standing } from "../../backend/types";
import { useWords, type WordId } from "../../words/useWords";
import { Mark, type Tone } from "../Mark";

const TONES: Record<Able, Tone> = { can: "good", activateFirst: "info", needsOther: "warn", unknown: "unknown" };

type Translate = (id: WordId, values?: Record<string, string>) => string;

/** Whether somebody can do it, in few words. */
export function standingWords(t: Translate, { able, activate, roles }: Standing): string {
  const [first, second] = roles;
  switch (able) {
    case "can":
      return t("able.can");
    case "activateFirst":
      return activate.length === 1 && activate[0]
        ? t("able.activateFirst", { role: activate[0].name })
        : t("able.activateOne");
    case "needsOther":
      if (first === undefined) {
        return t("able.needsAnother");
      }
      return t("able.needsOther", {
        role: second !== undefined && roles.length === 2 ? t("able.or", { first, last: second }) : first,
      });
    case "unknown":
      return t("able.unknown");
  }
}

/** Whether the operator can do it: a sign and a word. `quiet` beside a step, where it is the second word. */
export function StandingMark({ standing, quiet = false }: { standing: Standing; quiet?: boolean }) {
  const t = useWords();
  const tone = quiet && standing.able === "can" ? "settled" : TONES[standing.able];
  const words = standingWords(t, standing);
  return <Mark tone={tone}>{quiet ? words.charAt(0).toLowerCase() + words.slice(1) : words}</Mark>;
}
