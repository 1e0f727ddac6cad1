import { useEffect, useSyncExternalStore } from "react";
import { useAuditHandle } from "./AuditProvider";
import { hasDetails } from "./DetailCells";
import type { DetailStore } from "./detailStore";
import type { HolderTable, Lines } from "./rows";

/** How long the list must rest before more is read of what is in sight, in milliseconds. */
const SCROLLING_RESTS = 150;

/** Reads more of those whose lines are in sight, once the list rests there. */
export function useDetails(
  table: HolderTable,
  lines: Lines,
  inSight: { first: number; last: number },
  busy: boolean,
): DetailStore {
  const { details } = useAuditHandle();
  useSyncExternalStore(details.subscribe, details.current);
  const attempt = useSyncExternalStore(details.subscribe, details.attempt);
  const { first, last } = inSight;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks for the same once more
  useEffect(() => {
    if (busy) {
      return;
    }
    const timer = setTimeout(() => {
      const ids: string[] = [];
      for (let position = first; position <= last; position += 1) {
        const line = lines.at(position);
        const row = line?.kind === "row" ? table.rows[line.index] : undefined;
        if (row !== undefined && hasDetails(row.principalType)) {
          ids.push(row.principalId);
        }
      }
      details.want(ids);
    }, SCROLLING_RESTS);
    return () => clearTimeout(timer);
  }, [details, table, lines, first, last, busy, attempt]);
  return details;
}
