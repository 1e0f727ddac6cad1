import type { GrantRef } from "../../backend/types";
import type { HolderTable, Line, Lines } from "./rows";

/** The rows that are chosen, by their numbers. */
export type Selection = ReadonlySet<number>;

/** The rows that a line stands for: itself, or all of its group. */
export function rowsOf(line: Line | undefined): number[] {
  return line === undefined ? [] : line.kind === "row" ? [line.index] : line.group.members;
}

export function withRows(selection: Selection, rows: number[], chosen: boolean): Selection {
  const changed = new Set(selection);
  for (const row of rows) {
    if (chosen) {
      changed.add(row);
    } else {
      changed.delete(row);
    }
  }
  return changed;
}

/** All of them, or some; `none` where there is nothing to choose. */
export function chosenOf(selection: Selection, rows: number[]): "all" | "some" | "none" {
  if (selection.size === 0) {
    return "none";
  }
  let count = 0;
  for (const row of rows) {
    count += Number(selection.has(row));
  }
  return count === 0 ? "none" : count === rows.length ? "all" : "some";
}

/** The rows from one line to another, both included. An open group's head stands for nothing: its rows follow it. */
export function between(lines: Lines, from: number, to: number): number[] {
  const rows: number[] = [];
  for (let position = Math.min(from, to); position <= Math.max(from, to); position += 1) {
    const line = lines.at(position);
    if (line?.kind !== "group" || !line.open) {
      for (const row of rowsOf(line)) {
        rows.push(row);
      }
    }
  }
  return rows;
}

/** How many are chosen that the filter hides. */
export function hiddenCount(selection: Selection, shown: number[]): number {
  if (selection.size === 0) {
    return 0;
  }
  let inSight = 0;
  for (const row of shown) {
    inSight += Number(selection.has(row));
  }
  return selection.size - inSight;
}

export function grantsOf(table: HolderTable, selection: Selection): GrantRef[] {
  return [...selection].flatMap((index) => {
    const row = table.rows[index];
    return row === undefined ? [] : [{ id: row.grantId, principal: row.principalId }];
  });
}
