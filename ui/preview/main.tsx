// The built page over scripted answers, for looking at: `npm run preview`. It is never part of the product.
import { mount } from "../src/app/mount";
import type { Backend } from "../src/backend/backend";
import * as fixtures from "../src/testing/fixtures";
import * as runFixtures from "../src/testing/runFixtures";
import { scripted } from "../src/testing/scripted";
import "../src/theme/page.css";

// As Tauri's freezePrototype does.
Object.freeze(Object.prototype);

const never = () => new Promise<never>(() => undefined);
const live: Backend["runPlan"] = (_plan, onEvent) => {
  onEvent({
    kind: "started",
    run: runFixtures.runWith(
      {
        3: { kind: "catchingUp", attempt: 3, seconds: 12 },
        4: { kind: "working" },
        5: { kind: "throttled", seconds: 8 },
        6: { kind: "waiting" },
      },
      { state: "running", ended: null },
    ),
  });
  return never();
};

const runs = [
  runFixtures.doneRun,
  { ...runFixtures.failedRun, id: "b", started: "2026-11-23T09:12:00Z" },
  { ...runFixtures.failedRun, id: "c", state: "interrupted" as const, ended: null, started: "2026-11-20T16:00:00Z" },
];

const damaged = fixtures.problem({
  code: "localFile",
  message: "The run's file /home/imogen/.local/share/inbound-access/runs/7d1c.json is damaged.",
  exists: "It was left as it is.",
  advice: "What the run made is in the tenant and is found again when you plan. Delete the file if you do not need it.",
});

let checks = 0;
const onceOnly: Backend["verify"] = async () => {
  checks += 1;
  if (checks > 1) {
    throw fixtures.problem();
  }
  return {
    ...fixtures.verification,
    verdict: { kind: "ready", sentence: "Ready. It can upload users.", advice: null },
  };
};

/** By the address's fragment: what the backend answers, and the first page. */
const SCENES: Record<string, { answers: Partial<Backend>; start?: string }> = {
  connect: { answers: { appInfo: async () => fixtures.notConnected } },
  home: { answers: {} },
  choice: { answers: {}, start: "/setup" },
  app: { answers: {}, start: "/setup/app" },
  taken: {
    answers: {
      checkAppName: async () => ({
        problem: null,
        takenBy: [fixtures.app, { ...fixtures.app, clientId: "e1d2c3b4-0000-4000-8000-00000000beef", created: null }],
        ours: null,
      }),
    },
    start: "/setup/app",
  },
  identity: { answers: {}, start: "/setup/identity" },
  nothing: { answers: { planSetup: async () => runFixtures.nothingToDo }, start: "/setup/identity" },
  live: { answers: { runPlan: live }, start: "/setup/app" },
  closing: {
    answers: { runPlan: live, watchClosing: async (onAsked) => void setTimeout(onAsked, 8000) },
    start: "/setup/identity",
  },
  failed: { answers: { runPlan: async () => runFixtures.failedRun }, start: "/setup/app" },
  find: { answers: { listRuns: runFixtures.journal(runs) }, start: "/verify" },
  verify: { answers: {}, start: "/verify/x" },
  lastKnown: { answers: { verify: onceOnly }, start: "/verify/x" },
  verifying: { answers: { verify: never }, start: "/verify/x" },
  verifyIdentity: { answers: { verify: async () => fixtures.identityVerification }, start: "/verify/x" },
  activity: { answers: { listRuns: runFixtures.journal(runs) }, start: "/activity" },
  empty: { answers: {}, start: "/activity" },
  damaged: { answers: { listRuns: runFixtures.journal(runs, [damaged]) }, start: "/activity" },
  detail: { answers: { listRuns: runFixtures.journal(runs) }, start: "/activity/b" },
  offline: {
    answers: {
      verify: async () => {
        throw fixtures.problem();
      },
    },
    start: "/verify/x",
  },
};

const scene = SCENES[location.hash.slice(1)] ?? { answers: {} };
mount(scripted(scene.answers), scene.start);
