import type { Backend } from "../backend/backend";
import type { ConnectionView, NameCheck, RunEvent, RunView, SessionNews } from "../backend/types";
import {
  auditSummary,
  credentialList,
  developerPacket,
  holders,
  road,
  snippet,
  uploadDone,
  uploadPreview,
} from "./accessFixtures";
import { askingRun, consentPlan, openedConsent } from "./consentFixtures";
import { app, appInfo, connection, hiddenMarks, logicApp, namesake, realConnection, verification } from "./fixtures";
import { continuePlan, doneRun, failedRun, plan, undoPlan } from "./runFixtures";
import { noSettings, preflight, testedClient } from "./sessionFixtures";

type Method = keyof Backend;

export interface Scripted extends Backend {
  /** Every call in order, as `[method, ...arguments]`. */
  calls: [Method, ...unknown[]][];
  /** The arguments of each call of one method. */
  callsOf: (method: Method) => unknown[][];
}

/** A backend in memory that answers as the fixtures have it; each answer can be replaced. */
export function scripted(answers: Partial<Backend> = {}): Scripted {
  const free: NameCheck = { problem: null, takenBy: [], ours: null };
  const usual: Backend = {
    appInfo: async () => appInfo,
    connectPractice: async () => connection,
    disconnect: async () => undefined,
    resetPractice: async () => ({ left: null }),
    signIn: async () => realConnection,
    cancelSignIn: async () => undefined,
    copySignInLink: async () => undefined,
    openSignInPage: async () => undefined,
    watchSession: async () => undefined,
    touch: async () => undefined,
    lockSession: async () => undefined,
    unlock: async () => connection,
    preflight: async () => preflight,
    activateRole: async () => preflight,
    saveSettings: async (settings) => settings,
    testClient: async () => testedClient,
    forgetTenant: async () => noSettings,
    checkAppName: async () => free,
    searchIdentities: async () => ({ rows: [logicApp, namesake, hiddenMarks], more: false }),
    searchPrincipals: async () => ({ rows: [app, logicApp], more: false }),
    planSetup: async () => plan,
    planContinue: async () => continuePlan,
    planUndo: async () => undoPlan,
    leaveRun: async () => ({ ...failedRun, left: "2026-11-24T12:00:00Z" }),
    runPlan: async () => doneRun,
    cancelRun: async () => undefined,
    listRuns: async () => ({ runs: [], unreadable: [], ours: [] }),
    saveConsentRequest: async () => ({ path: "/home/imogen/request.json" }),
    copyConsentLink: async () => undefined,
    openConsentLink: async () => undefined,
    checkConsent: async () => askingRun,
    openConsentRequest: async () => openedConsent,
    planConsent: async () => consentPlan,
    planFix: async () => plan,
    road: async () => road,
    prepareUpload: async () => uploadPreview,
    startUpload: async () => uploadDone,
    stopUpload: async () => undefined,
    audit: async (_permissions, onNews) => {
      onNews({ kind: "rows", rows: holders });
      return auditSummary;
    },
    stopAudit: async () => undefined,
    holderDetails: async () => [],
    credentials: async () => credentialList,
    saveEvidence: async () => ({ path: "/home/imogen/evidence.html" }),
    developerPacket: async () => developerPacket,
    planScripts: async () => [snippet],
    runScripts: async () => [snippet],
    saveSnippet: async () => ({ path: "/home/imogen/upload.sh" }),
    verify: async () => verification,
    copySecret: async () => ({ clearsInSeconds: 30 }),
    revealSecret: async () => ({ imageUrl: "reveal://localhost/a1b2", width: 320, height: 48, seconds: 20 }),
    hideSecret: async () => undefined,
    revealNewSecret: async () => ({ imageUrl: "reveal://localhost/c3d4", width: 320, height: 48, seconds: 20 }),
    copyNewSecret: async () => ({ clearsInSeconds: 30 }),
    settleNewSecret: async () => undefined,
    copyText: async () => undefined,
    openLink: async () => undefined,
    windowReady: async () => undefined,
    watchClosing: async () => undefined,
    keepOpen: async () => undefined,
    closeWindow: async () => undefined,
    reportFault: async () => undefined,
  };
  const calls: Scripted["calls"] = [];
  const merged = { ...usual, ...answers };
  const recorded = Object.fromEntries(
    (Object.keys(merged) as Method[]).map((method) => [
      method,
      (...args: unknown[]) => {
        calls.push([method, ...args]);
        return (merged[method] as (...given: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Backend;
  return {
    ...recorded,
    calls,
    callsOf: (method) => calls.filter(([name]) => name === method).map(([, ...args]) => args),
  };
}

/** A run that the test moves on itself: `send` hands the page an event, `end` answers the command. */
export function runByHand() {
  let listener: (event: RunEvent) => void = () => undefined;
  let settle: { resolve: (run: RunView) => void; reject: (thrown: unknown) => void } | null = null;
  return {
    runPlan: (_planId: string, onEvent: (event: RunEvent) => void) => {
      listener = onEvent;
      return new Promise<RunView>((resolve, reject) => {
        settle = { resolve, reject };
      });
    },
    send: (event: RunEvent) => listener(event),
    end: (run: RunView) => {
      listener({ kind: "ended", run });
      settle?.resolve(run);
    },
    refuse: (thrown: unknown) => settle?.reject(thrown),
  };
}

/** A session whose news the test tells itself, and sign-ins that it answers itself. */
export function sessionByHand() {
  let listener: (news: SessionNews) => void = () => undefined;
  let settle: { resolve: (connection: ConnectionView) => void; reject: (thrown: unknown) => void } | null = null;
  const asked = () =>
    new Promise<ConnectionView>((resolve, reject) => {
      settle = { resolve, reject };
    });
  return {
    watchSession: async (onNews: (news: SessionNews) => void) => {
      listener = onNews;
    },
    signIn: asked,
    unlock: asked,
    tell: (news: SessionNews) => listener(news),
    accept: (connection: ConnectionView) => settle?.resolve(connection),
    refuse: (thrown: unknown) => settle?.reject(thrown),
  };
}
