import { describe, expect, it } from "vitest";
import { fiveHolders, holder } from "../../testing/auditFixtures";
import { asRead, grouped, groupLines, HolderTable, plainLines } from "./rows";
import { between, chosenOf, grantsOf, hiddenCount, withRows } from "./selection";

const table = new HolderTable();
table.add(fiveHolders);

describe("choosing", () => {
  it("adds and takes away, and leaves what was before as it was", () => {
    const before = new Set([1, 2]);
    expect(withRows(before, [2, 3], true)).toEqual(new Set([1, 2, 3]));
    expect(withRows(before, [2, 3], false)).toEqual(new Set([1]));
    expect(before).toEqual(new Set([1, 2]));
  });

  it("tells all from some and none", () => {
    expect(chosenOf(new Set([1, 2]), [1, 2])).toBe("all");
    expect(chosenOf(new Set([1]), [1, 2])).toBe("some");
    expect(chosenOf(new Set([7]), [1, 2])).toBe("none");
    expect(chosenOf(new Set([1]), [])).toBe("none");
  });

  it("reaches from one line to another in either direction", () => {
    const lines = plainLines([4, 3, 2, 1, 0]);
    expect(between(lines, 1, 3)).toEqual([3, 2, 1]);
    expect(between(lines, 3, 1)).toEqual([3, 2, 1]);
  });

  it("takes a closed group whole, and of an open one the rows that are passed", () => {
    const groups = grouped(table, asRead(5), "principal");
    expect(between(groupLines(groups, new Set()), 0, 1)).toEqual([0, 1, 2]);
    expect(between(groupLines(groups, new Set([holder.principalId])), 0, 1)).toEqual([0]);
  });

  it("counts those that the filter hides", () => {
    expect(hiddenCount(new Set([0, 1, 4]), [4, 3])).toBe(2);
    expect(hiddenCount(new Set(), [4, 3])).toBe(0);
  });

  it("names each grant with its holder", () => {
    expect(grantsOf(table, new Set([2, 4]))).toEqual([
      { id: "grant-ar", principal: "id-ar" },
      { id: "grant-team", principal: "id-team" },
    ]);
  });
});
