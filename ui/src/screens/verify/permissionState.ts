import type { PermissionRow, PermissionState } from "../../backend/types";
import type { Tone } from "../../components/Mark";
import type { WordId } from "../../words/useWords";

export const STATE_TONES: Record<PermissionState, Tone> = {
  granted: "good",
  grantedNotRequested: "good",
  wrong: "bad",
  grantedMayBeStale: "info",
  requestedNotGranted: "bad",
  missing: "bad",
  notOffered: "unknown",
};

/** A token that does not hold what is granted is older than the grant: not yet, and no fault. */
export function tokenMark({ inToken, granted }: PermissionRow): { tone: Tone; word: WordId } {
  switch (inToken) {
    case "yes":
      return { tone: "good", word: "perm.yes" };
    case "no":
      return granted === null ? { tone: "bad", word: "perm.no" } : { tone: "waiting", word: "perm.notYet" };
    default:
      return { tone: "skipped", word: "perm.notChecked" };
  }
}
