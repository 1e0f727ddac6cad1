import { describe, expect, it } from "vitest";
import type { HolderRow } from "../../backend/types";
import { fiveHolders, holder, manyHolders } from "../../testing/auditFixtures";
import { auditLog } from "../../testing/fixtures";
import { asRead, grouped, groupLines, HolderTable, matching, NO_FILTER, ordered, plainLines } from "./rows";

function tableOf(rows: HolderRow[]): HolderTable {
  const table = new HolderTable();
  table.add(rows);
  return table;
}

function named(names: string[]): HolderTable {
  return tableOf(names.map((name, index) => ({ ...holder, grantId: `g${index}`, name })));
}

const MANY = 100_000;

describe("the order", () => {
  it("passes over capitals and accents", () => {
    const table = named(["zoo", "Émile", "emil", "Zoë", "ÉMILE B"]);
    const names = ordered(table, 5, { key: "name", descending: false }).map((index) => table.rows[index]?.name);
    expect(names).toEqual(["emil", "Émile", "ÉMILE B", "Zoë", "zoo"]);
  });

  it("is turned round for all but the names of those that are the same in it", () => {
    const table = tableOf(fiveHolders);
    const order = ordered(table, 5, { key: "permission", descending: true });
    expect(order.map((index) => table.rows[index]?.grantId)).toEqual([
      "grant-1",
      "grant-zoe",
      "grant-ar",
      "grant-team",
      "grant-logs",
    ]);
  });

  it("puts what has no time last, whichever way it is sorted", () => {
    const table = tableOf(fiveHolders);
    for (const descending of [false, true]) {
      const order = ordered(table, 5, { key: "granted", descending });
      expect(table.rows[order.at(-1) ?? 0]?.grantId).toBe("grant-zoe");
      expect(table.rows[order[0] ?? 0]?.grantId).toBe(descending ? "grant-logs" : "grant-team");
    }
  });

  it("holds each of 100,000 rows once", () => {
    const table = tableOf(manyHolders(MANY));
    const byName = ordered(table, MANY, { key: "name", descending: false });
    expect(new Set(byName).size).toBe(MANY);
    byName.forEach((index, place) => {
      // One assertion for each row would take longer than the sorting.
      if (table.rows[index]?.name !== `Feed ${String(place).padStart(6, "0")}`) {
        expect.fail(`${table.rows[index]?.name} at ${place}`);
      }
    });
    const byDay = ordered(table, MANY, { key: "granted", descending: true });
    expect(byDay.every((index, place) => place === 0 || time(table, index) <= time(table, byDay[place - 1]))).toBe(
      true,
    );
  });
});

function time(table: HolderTable, index = 0): number {
  return table.times[index] ?? Number.NaN;
}

describe("the filter", () => {
  const ids = (table: HolderTable, rows: number[]) => rows.map((index) => table.rows[index]?.grantId);
  const five = tableOf(fiveHolders);

  it("finds by every word that is typed, in name and ids, without accents", () => {
    const find = (text: string) => ids(five, matching(five, asRead(5), { ...NO_FILTER, text }));
    expect(find("zoe")).toEqual(["grant-zoe"]);
    expect(find(" AMES zoë ")).toEqual(["grant-zoe"]);
    expect(find("ID-AR")).toEqual(["grant-ar"]);
    expect(find("grant-logs")).toEqual(["grant-logs"]);
    expect(find("بشرية")).toEqual(["grant-ar"]);
    expect(find("zoe feed")).toEqual([]);
  });

  it("goes by permission and type together", () => {
    const found = matching(five, asRead(5), { text: "", permission: auditLog.value, type: "Group" });
    expect(ids(five, found)).toEqual(["grant-team"]);
  });

  it("keeps the order, and without a filter the very rows", () => {
    const order = [3, 1, 0];
    expect(matching(five, order, NO_FILTER)).toBe(order);
    expect(matching(five, order, { ...NO_FILTER, type: "ServicePrincipal" })).toEqual([1, 0]);
  });

  it("misses none of 100,000", () => {
    const table = tableOf(manyHolders(MANY));
    expect(matching(table, asRead(MANY), { ...NO_FILTER, permission: auditLog.value })).toHaveLength(MANY / 10);
    expect(matching(table, asRead(MANY), { ...NO_FILTER, text: "feed id-9999" })).toHaveLength(11);
  });
});

describe("the groups", () => {
  it("hold each row once, in the order of the list", () => {
    const table = tableOf(manyHolders(MANY));
    const order = ordered(table, MANY, { key: "name", descending: false });
    const groups = grouped(table, order, "permission");
    expect(groups.map(({ members }) => members.length).sort()).toEqual([MANY / 10, MANY - MANY / 10]);
    expect(grouped(table, order, "principal")).toHaveLength(MANY);
  });

  it("are closed lines until one is opened", () => {
    const table = tableOf(fiveHolders);
    const groups = grouped(table, asRead(5), "principal");
    expect(groups.map(({ members }) => members)).toEqual([[0, 1], [2], [3], [4]]);
    expect(groupLines(groups, new Set()).count).toBe(4);
    const lines = groupLines(groups, new Set([holder.principalId]));
    expect(lines.count).toBe(6);
    expect([lines.at(0)?.kind, lines.at(1), lines.at(2), lines.at(3)?.kind]).toEqual([
      "group",
      { kind: "row", index: 0 },
      { kind: "row", index: 1 },
      "group",
    ]);
    expect(lines.at(6)).toBeUndefined();
    expect(plainLines([4, 2]).at(1)).toEqual({ kind: "row", index: 2 });
  });
});
