import type { ConsentState, RunView } from "../../backend/types";

/** How many permissions of a request are not granted yet. */
export function leftOf({ granted }: ConsentState): number {
  return granted.filter((at) => at === null).length;
}

/** How many permissions a run still waits for. */
export function awaitedCount({ consent }: RunView): number {
  return consent === null ? 0 : leftOf(consent);
}

/** When the last permission was granted; none as long as one is not. */
export function grantedSince({ granted }: ConsentState): string | null {
  const times = granted.filter((at) => at !== null).sort();
  return times.length === granted.length ? (times.at(-1) ?? null) : null;
}
