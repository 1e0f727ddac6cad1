import { describe, expect, it, vi } from "vitest";
import type { HolderDetails } from "../../backend/types";
import { auditByHand, detailsOf, fiveHolders, manyHolders, summaryOf } from "../../testing/auditFixtures";
import { problem as problemOf } from "../../testing/fixtures";
import { AuditStore } from "./auditStore";
import { DetailStore } from "./detailStore";

const problem = problemOf();
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

function storeByHand() {
  const hand = auditByHand();
  const store = new AuditStore({ audit: hand.audit, stopAudit: async () => undefined });
  return { ...hand, store };
}

describe("an audit while it is read", () => {
  it("tells the pages once for each picture, however many rows come", async () => {
    const { store, tell, end } = storeByHand();
    store.begin([]);
    const heard = vi.fn();
    store.subscribe(heard);
    for (const row of manyHolders(1000)) {
      tell({ kind: "rows", rows: [row] });
    }
    tell({ kind: "progress", grantsRead: 34_000, pages: 35 });
    expect(heard).not.toHaveBeenCalled();
    await vi.waitFor(() => expect(heard).toHaveBeenCalledTimes(1));
    expect(store.current()).toMatchObject({ phase: "reading", count: 1000, grantsRead: 34_000, pages: 35 });
    end(summaryOf(manyHolders(1000)));
    await settled();
    expect(store.current()).toMatchObject({ phase: "done", count: 1000 });
  });

  it("has every row at its end, whether or not a picture was drawn", async () => {
    const { store, tell, end } = storeByHand();
    store.begin([]);
    tell({ kind: "rows", rows: fiveHolders });
    end(summaryOf(fiveHolders));
    await settled();
    expect(store.current()).toMatchObject({ phase: "done", count: 5 });
  });

  it("shows nothing of a reading that broke off, and what was read of one that was stopped", async () => {
    const { store, tell, refuse } = storeByHand();
    store.begin([]);
    tell({ kind: "rows", rows: fiveHolders });
    refuse(problem);
    await settled();
    expect(store.current()).toMatchObject({ phase: "failed", count: 0, problem });
    expect(store.current().table.rows).toEqual([]);

    store.begin([]);
    tell({ kind: "rows", rows: fiveHolders });
    refuse({ ...problem, code: "cancelled" });
    await settled();
    expect(store.current()).toMatchObject({ phase: "stopped", count: 5, problem: null });
  });

  it("hears nothing more of a reading that another one has replaced", async () => {
    const first = auditByHand();
    const second = auditByHand();
    const hands = [first, second];
    const store = new AuditStore({
      audit: (...args) => (hands.shift() ?? second).audit(...args),
      stopAudit: async () => undefined,
    });
    store.begin([]);
    first.tell({ kind: "rows", rows: fiveHolders });
    store.begin(["User.Read.All"]);
    first.tell({ kind: "rows", rows: fiveHolders });
    first.refuse({ ...problem, code: "cancelled" });
    await settled();
    expect(store.current()).toMatchObject({ phase: "reading", count: 0, wanted: ["User.Read.All"] });
    second.end(summaryOf([]));
    await settled();
    expect(store.current()).toMatchObject({ phase: "done", count: 0 });
  });
});

describe("the details of holders", () => {
  const ids = (count: number) => Array.from({ length: count }, (_, index) => `id-${index}`);

  it("are read at most 200 at once, and each once", async () => {
    const asked: string[][] = [];
    const store = new DetailStore({
      holderDetails: async (principals) => {
        asked.push(principals);
        return principals.map((id) => detailsOf(id));
      },
    });
    store.want([...ids(450), "id-0"]);
    await settled();
    store.want(ids(451));
    await settled();
    expect(asked.map(({ length }) => length)).toEqual([200, 200, 50, 1]);
    expect((store.of("id-7") as HolderDetails).daysLeft).toBe(23);
  });

  it("can be asked for again after they could not be read", async () => {
    const answers = [async () => Promise.reject(problem), async () => [detailsOf("id-0")]];
    const store = new DetailStore({ holderDetails: async () => (await answers.shift()?.()) ?? [] });
    store.want(["id-0"]);
    await settled();
    expect([store.of("id-0"), store.problem]).toEqual(["failed", problem]);
    store.want(["id-0"]);
    expect(answers).toHaveLength(1);
    store.forgetFailed();
    store.want(["id-0"]);
    await settled();
    expect(store.problem).toBeNull();
    expect(store.of("id-0")).toMatchObject({ principalId: "id-0" });
  });
});
