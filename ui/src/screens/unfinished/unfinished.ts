import type { ConnectionView, MadeObject, RunView } from "../../backend/types";

/** A run of another tenant, or of another cloud, is named and no more. */
export function isHere(run: RunView, connection: ConnectionView): boolean {
  return run.tenantId === connection.tenantId && run.cloud === connection.cloud;
}

/** It did not come to its end, whether it is asked about or was left. */
export function isUnfinished({ state }: RunView): boolean {
  return state === "failed" || state === "cancelled" || state === "interrupted";
}

/** What one can still do with a run that was left; none where nothing can be done from here. */
export function stillWords({ ways }: RunView): "ways.stillContinue" | "ways.stillUndo" | null {
  if (ways.canContinue) {
    return "ways.stillContinue";
  }
  return ways.canUndo ? "ways.stillUndo" : null;
}

/** What a run is known to have made that was not removed again. */
export function stillThere({ made }: RunView): MadeObject[] {
  return made.filter(({ removed }) => removed === null);
}

/**
 * The runs of this tenant to ask about, newest first as they come: not left, and something can be done with them. One
 * that has nothing to show for itself is not asked about once the same was done by a later run.
 */
export function toAskAbout(runs: RunView[], connection: ConnectionView): RunView[] {
  const here = runs.filter((run) => isHere(run, connection));
  return here.filter(
    (run) =>
      isUnfinished(run) &&
      run.left === null &&
      (run.ways.canContinue || run.ways.canUndo) &&
      (stillThere(run).length > 0 || run.debts.length > 0 || !doneLater(run, here)),
  );
}

function doneLater(run: RunView, others: RunView[]): boolean {
  return others.some((other) => other.state === "done" && other.subject === run.subject && other.started > run.started);
}
