import { describe, expect, it } from "vitest";
import { emptyAppForm } from "../screens/setup/appForm";
import { logicApp, namesake, problem } from "../testing/fixtures";
import { continuePlan, failedRun, plan, showingRun } from "../testing/runFixtures";
import { emptyJob, type Job, reduce, waitingSecret } from "./jobState";

const form = { ...emptyAppForm("howTo"), name: "HR feed" };
const identity = { card: logicApp, permissionSet: "howTo", search: "csv" };
const request = {
  kind: "managedIdentity",
  objectId: logicApp.objectId as string,
  permissions: [],
  askConsent: false,
} as const;

function planned(): Job {
  const typed = reduce(reduce(emptyJob, { kind: "appForm", form, settled: false }), {
    kind: "identity",
    form: identity,
  });
  return reduce(typed, { kind: "planned", wanted: { request: { ...request, permissions: [] }, clientId: null }, plan });
}

describe("a change of the form after planning", () => {
  it("takes the plan, its request and its run away, and keeps what was typed", () => {
    const ran = reduce(planned(), { kind: "finished", run: failedRun });
    for (const changed of [
      reduce(ran, { kind: "appForm", form: { ...form, name: "HR feed 2" }, settled: false }),
      reduce(ran, { kind: "identity", form: { ...identity, card: namesake } }),
      reduce(ran, { kind: "identity", form: { ...identity, permissionSet: "narrower" } }),
    ]) {
      expect(changed).toMatchObject({ plan: null, request: null, card: null, run: null, unseen: false });
      expect(changed.edition).toBeGreaterThan(ran.edition);
      expect(changed.appForm).not.toBeNull();
    }
  });

  it("is none when nothing that is asked for changes", () => {
    const job = planned();
    expect(reduce(job, { kind: "appForm", form: { ...form }, settled: false })).toEqual(job);
    // What the page fills in by itself is no change, and a run is not forgotten for it.
    const ran = reduce(job, { kind: "finished", run: failedRun });
    const settled = { ...form, choice: "7d1c" };
    expect(reduce(ran, { kind: "appForm", form: settled, settled: true })).toEqual({ ...ran, appForm: settled });
    expect(reduce(job, { kind: "identity", form: { ...identity, search: "sand" } }).plan).toBe(plan);
  });

  it("cannot take a run away that goes on", () => {
    const running = reduce(planned(), { kind: "starting" });
    expect(reduce(running, { kind: "appForm", form: { ...form, choice: "another" }, settled: false })).toMatchObject({
      running: true,
      plan,
    });
  });
});

describe("the identity of a plan", () => {
  it("is the one that was chosen when it was made", () => {
    expect(planned().card).toBe(logicApp);
  });
});

describe("a plan for a run of before", () => {
  it("has no request, and is not taken while another run goes on", () => {
    const wanted = { continues: failedRun.id };
    const job = reduce(planned(), { kind: "planned", wanted, plan: continuePlan });
    expect(job).toMatchObject({ plan: continuePlan, request: null, consent: null, card: null });
    const running = reduce(planned(), { kind: "starting" });
    expect(reduce(running, { kind: "planned", wanted, plan: continuePlan })).toBe(running);
  });
});

describe("a new secret", () => {
  const started = reduce(planned(), { kind: "starting" });
  const waits = reduce(started, { kind: "event", event: { kind: "started", run: showingRun() } });
  const next = (job: Job, number: number) =>
    reduce(job, {
      kind: "event",
      event: { kind: "step", runId: failedRun.id, number, state: { kind: "working" } },
    });

  it("waits until its step goes on, whatever other steps say, or until the run ends", () => {
    expect(waitingSecret(started)).toBeNull();
    expect(waitingSecret(waits)).toMatchObject({ number: 6 });
    expect(waitingSecret(next(waits, 4))).toEqual(waitingSecret(waits));
    expect(waitingSecret(next(waits, 6))).toBeNull();
    expect(waitingSecret(reduce(waits, { kind: "finished", problem: problem({}) }))).toBeNull();
  });

  it("is had until the next run, which makes another one", () => {
    const had = reduce(waits, { kind: "secretHad", runId: failedRun.id });
    expect(had.secretHad).toBe(failedRun.id);
    expect(reduce(had, { kind: "starting" }).secretHad).toBeNull();
  });
});
