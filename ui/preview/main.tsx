// The built page over scripted answers, for looking at: `npm run preview`. It is never part of the product.
import { mount } from "../src/app/mount";
import type { Backend } from "../src/backend/backend";
import type { SessionNews } from "../src/backend/types";
import * as consentFixtures from "../src/testing/consentFixtures";
import * as fixtures from "../src/testing/fixtures";
import * as runFixtures from "../src/testing/runFixtures";
import { scripted } from "../src/testing/scripted";
import * as sessionFixtures from "../src/testing/sessionFixtures";
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

/** A live run whose new secret waits. */
const showing =
  (why: typeof runFixtures.keychainLocked | null): Backend["runPlan"] =>
  (_plan, onEvent) => {
    onEvent({ kind: "started", run: runFixtures.showingRun(why) });
    return never();
  };

const debt = {
  description: "HR feed until May 2027 (run 20261124-104000-ab12, 1)",
  keyId: "5ec4e700-0000-4000-8000-000000000001",
  clientId: fixtures.CLIENT,
};
const unfinished = [
  { ...runFixtures.failedRun, debts: [debt] },
  { ...runFixtures.failedRun, id: "c", state: "interrupted" as const, ended: null },
  { ...runFixtures.failedRun, id: "d", tenantId: "elsewhere", tenantName: "Fabrikam" },
  runFixtures.oldRun,
  runFixtures.undoneRun,
];

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

/** A session that tells this once the page is there, `after` so many milliseconds. */
function telling(news: SessionNews, after = 0): Partial<Backend> {
  return { watchSession: async (onNews) => void setTimeout(() => onNews(news), after), signIn: never, unlock: never };
}

const browser: SessionNews = { kind: "asking", why: { kind: "connect" }, how: { kind: "browser", notOpened: null } };
const code: SessionNews = {
  kind: "asking",
  why: { kind: "connect" },
  how: {
    kind: "deviceCode",
    userCode: "HXQK4RTPZ",
    url: "https://login.microsoftonline.com/device",
    expires: new Date(Date.now() + 899_000).toISOString(),
  },
};
const remembered: Backend["appInfo"] = async () => ({
  ...fixtures.notConnected,
  settings: {
    ...sessionFixtures.noSettings,
    remembered: [
      sessionFixtures.contoso,
      sessionFixtures.fabrikam,
      {
        ...sessionFixtures.contoso,
        tenantId: "9",
        tenantName: "شركة الأغذية المتحدة للتوريدات والخدمات اللوجستية المحدودة",
        account: "a.very.long.administrator.name.that.does.not.end@subsidiary.unitedfoods.example",
      },
    ],
    clients: [{ cloud: "global", tenant: "contoso.com", clientId: sessionFixtures.OWN_CLIENT }],
  },
});
const real: Backend["appInfo"] = async () => ({
  ...(await remembered()),
  connection: { ...fixtures.realConnection, clockOffMinutes: 12 },
});

/** By the address's fragment: what the backend answers, and the first page. */
const SCENES: Record<string, { answers: Partial<Backend>; start?: string }> = {
  connect: { answers: { appInfo: async () => fixtures.notConnected } },
  played: { answers: { appInfo: async () => ({ ...fixtures.notConnected, cloudsArePlayed: true }) } },
  remembered: { answers: { appInfo: remembered } },
  browser: { answers: { appInfo: remembered, ...telling(browser, 6000) } },
  notOpened: {
    answers: {
      appInfo: remembered,
      ...telling({ ...browser, how: { kind: "browser", notOpened: "No browser is set up for this user." } }, 6000),
    },
  },
  code: { answers: { appInfo: remembered, ...telling(code, 6000) } },
  home: { answers: {} },
  homePart: { answers: { appInfo: real, preflight: async () => sessionFixtures.partlyRead } },
  homeReading: { answers: { appInfo: real, preflight: never } },
  again: {
    answers: { appInfo: real, ...telling({ ...browser, why: { kind: "challenge" } }, 3000) },
    start: "/setup/app",
  },
  scopes: {
    answers: { appInfo: real, ...telling({ ...browser, why: { kind: "scopes", scopes: ["Policy.Read.All"] } }, 3000) },
  },
  locked: {
    answers: { ...telling({ kind: "locked", session: sessionFixtures.locked }, 3000) },
    start: "/setup/app",
  },
  offer: { answers: { planSetup: async () => consentFixtures.planWithOffer }, start: "/setup/identity" },
  activate: { answers: { planSetup: async () => consentFixtures.planToActivate }, start: "/setup/identity" },
  asks: {
    answers: {
      planSetup: async () => consentFixtures.planThatAsks,
      runPlan: async () => consentFixtures.askingRun,
    },
    start: "/setup/identity",
  },
  asked: {
    answers: {
      listRuns: runFixtures.journal([consentFixtures.askingRun]),
      checkConsent: async () => consentFixtures.grantedRun(2),
    },
    start: `/activity/${consentFixtures.askingRun.id}`,
  },
  request: { answers: {}, start: "/setup" },
  obstacle: {
    answers: {
      openConsentRequest: async () => ({
        ...consentFixtures.openedConsent,
        request: { ...consentFixtures.consentRequest, tenantId: "elsewhere", tenantName: "Fabrikam" },
        obstacle: "It is for the tenant Fabrikam. Sign in there to finish it.",
      }),
    },
    start: "/setup",
  },
  settings: {
    answers: {
      appInfo: async () => ({
        ...(await real()),
        clouds: sessionFixtures.clouds.map((cloud) => ({ ...cloud, edited: cloud.key === "china" })),
        network: { proxy: "http://proxy.contoso.com:8080", source: "HTTPS_PROXY", noProxy: "localhost,.contoso.com" },
      }),
    },
    start: "/settings",
  },
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
  unfinished: { answers: { listRuns: runFixtures.journal(unfinished) } },
  unfinishedList: { answers: { listRuns: runFixtures.journal(unfinished) }, start: "/activity" },
  unfinishedRun: {
    answers: { listRuns: runFixtures.journal(unfinished) },
    start: `/activity/${runFixtures.failedRun.id}`,
  },
  oldRun: { answers: { listRuns: runFixtures.journal(unfinished) }, start: "/activity/old" },
  undoNothing: {
    answers: {
      listRuns: runFixtures.journal([runFixtures.doneRun]),
      planUndo: async () => runFixtures.nothingToUndo,
    },
    start: `/activity/${runFixtures.doneRun.id}`,
  },
  undo: {
    answers: { listRuns: runFixtures.journal([runFixtures.doneRun]), runPlan: async () => runFixtures.undoneRun },
    start: `/activity/${runFixtures.doneRun.id}`,
  },
  undone: {
    answers: { listRuns: runFixtures.journal([runFixtures.undoneRun]) },
    start: `/activity/${runFixtures.undoneRun.id}`,
  },
  keychain: { answers: { runPlan: async () => runFixtures.keychainRun }, start: "/setup/app" },
  showing: { answers: { runPlan: showing(null) }, start: "/setup/app" },
  showingWhy: { answers: { runPlan: showing(runFixtures.keychainLocked) }, start: "/setup/app" },
  shown: {
    answers: { listRuns: runFixtures.journal([runFixtures.shownRun]) },
    start: `/activity/${runFixtures.shownRun.id}`,
  },
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
