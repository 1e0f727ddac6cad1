import { useDeferredValue, useMemo } from "react";
import { useAuditHandle, useAuditState } from "./AuditProvider";
import { asRead, type Group, grouped, groupLines, type Lines, matching, ordered, plainLines } from "./rows";

export interface Shown {
  /** The rows that pass the filter, in their order. */
  rows: number[];
  lines: Lines;
  groups: Group[] | null;
}

/** The rows as they are looked at now. Nothing of it is done again when one scrolls. */
export function useShown(): Shown {
  const { table, count, phase } = useAuditState();
  const { look } = useAuditHandle();
  const { sort, groupBy, opened, filter } = look;
  const reading = phase === "reading";
  // Rows that are still coming would be sorted over and over, and move under the pointer.
  const order = useMemo(() => (reading ? asRead(count) : ordered(table, count, sort)), [reading, table, count, sort]);
  // Typing stays swift in a long list.
  const asked = useDeferredValue(filter);
  const rows = useMemo(() => matching(table, order, asked), [table, order, asked]);
  const groups = useMemo(() => (groupBy === "" ? null : grouped(table, rows, groupBy)), [table, rows, groupBy]);
  const lines = useMemo(
    () => (groups === null ? plainLines(rows) : groupLines(groups, opened)),
    [groups, rows, opened],
  );
  return { rows, lines, groups };
}
