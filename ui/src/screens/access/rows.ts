import type { HolderRow } from "../../backend/types";

/** The rows of an audit as they are looked through: what is compared and searched is made once, when a row comes. */
export class HolderTable {
  readonly rows: HolderRow[] = [];
  /** Each name as it is compared: without capitals and accents. */
  readonly names: string[] = [];
  /** When each was granted, in milliseconds of the clock; NaN where that is not known. */
  readonly times: number[] = [];
  /** All of a row that can be searched for. */
  readonly texts: string[] = [];
  /** The permissions that are held, by value, and the types of those who hold them, as Graph has them. */
  readonly permissions = new Set<string>();
  readonly types = new Set<string>();

  add(rows: HolderRow[]): void {
    for (const row of rows) {
      const name = folded(row.name);
      this.rows.push(row);
      this.permissions.add(row.permission);
      this.types.add(row.principalType);
      this.names.push(name);
      this.times.push(row.grantedAt === null ? Number.NaN : Date.parse(row.grantedAt));
      this.texts.push(`${name}\n${row.principalId}\n${row.grantId}`.toLowerCase());
    }
  }
}

export type SortKey = "name" | "permission" | "granted";

export interface Sort {
  key: SortKey;
  descending: boolean;
}

const PLAIN = /^[\x20-\x7e]*$/;

/** A text as it is searched and compared, so that "Zoë" is found by "zoe" and stands beside it. */
export function folded(text: string): string {
  return PLAIN.test(text) ? text.toLowerCase() : text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The first rows in the order in which they came. */
export function asRead(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** The rows, by their number, in an order. Those that are the same in it stand by name, then as they came. */
export function ordered(table: HolderTable, count: number, { key, descending }: Sort): number[] {
  const sign = descending ? -1 : 1;
  const { names, times, rows } = table;
  const permission = (index: number) => rows[index]?.permission ?? "";
  const first: (a: number, b: number) => number =
    key === "name"
      ? (a, b) => sign * compared(names[a], names[b])
      : key === "permission"
        ? (a, b) => sign * compared(permission(a), permission(b))
        : (a, b) => byTime(times[a], times[b], sign);
  return asRead(count).sort(
    (a, b) => first(a, b) || compared(names[a], names[b]) || compared(permission(a), permission(b)) || a - b,
  );
}

function compared(a = "", b = ""): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What has no time stands last, whichever way it is sorted. */
function byTime(a = Number.NaN, b = Number.NaN, sign: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) {
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  return sign * (a - b);
}

export interface Filter {
  /** Words that must all be in name or ids. */
  text: string;
  /** A permission's value; empty for all. */
  permission: string;
  /** A principal's type, as Graph has it; empty for all. */
  type: string;
}

export const NO_FILTER: Filter = { text: "", permission: "", type: "" };

export function isFiltered({ text, permission, type }: Filter): boolean {
  return text.trim() !== "" || permission !== "" || type !== "";
}

/** Those of `order` that pass the filter, in that order. */
export function matching(table: HolderTable, order: number[], filter: Filter): number[] {
  if (!isFiltered(filter)) {
    return order;
  }
  const words = folded(filter.text).split(/\s+/).filter(Boolean);
  return order.filter((index) => {
    const row = table.rows[index];
    const text = table.texts[index] ?? "";
    return (
      row !== undefined &&
      (filter.permission === "" || row.permission === filter.permission) &&
      (filter.type === "" || row.principalType === filter.type) &&
      words.every((word) => text.includes(word))
    );
  });
}

export type GroupBy = "" | "principal" | "permission";

/** Rows that share what they are grouped by, in the order of the first of each. */
export interface Group {
  key: string;
  members: number[];
}

export function grouped(table: HolderTable, shown: number[], by: "principal" | "permission"): Group[] {
  const groups = new Map<string, number[]>();
  for (const index of shown) {
    const row = table.rows[index];
    const key = (by === "principal" ? row?.principalId : row?.permission) ?? "";
    const members = groups.get(key);
    if (members === undefined) {
      groups.set(key, [index]);
    } else {
      members.push(index);
    }
  }
  return [...groups].map(([key, members]) => ({ key, members }));
}

/** One line of the list: a row by its number, or a group's head. */
export type Line = { kind: "row"; index: number } | { kind: "group"; group: Group; open: boolean };

/** The lines of a list, made only when they are looked at. */
export interface Lines {
  count: number;
  at: (position: number) => Line | undefined;
}

export function plainLines(shown: number[]): Lines {
  return {
    count: shown.length,
    at: (position) => {
      const index = shown[position];
      return index === undefined ? undefined : { kind: "row", index };
    },
  };
}

/** The heads of the groups, and the rows of those that are open. */
export function groupLines(groups: Group[], opened: ReadonlySet<string>): Lines {
  const lines: Line[] = [];
  for (const group of groups) {
    const open = opened.has(group.key);
    lines.push({ kind: "group", group, open });
    if (open) {
      for (const index of group.members) {
        lines.push({ kind: "row", index });
      }
    }
  }
  return { count: lines.length, at: (position) => lines[position] };
}
