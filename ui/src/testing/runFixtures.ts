import type { HandOver, MadeObject, PlanView, Problem, RunStep, RunsView, RunView, StepState } from "../backend/types";
import { app, auditLog, CLIENT, PRINCIPAL, provisioningLog, TENANT, upload } from "./fixtures";
import { can } from "./sessionFixtures";

export const plan: PlanView = {
  id: "plan-1",
  tenantName: "Brightwater Foods",
  tenantId: TENANT,
  subject: 'the app "HR feed"',
  steps: [
    {
      number: 1,
      kind: "proveKeychain",
      title: "Check that the Windows Credential Manager keeps a secret",
      term: null,
      effect: "willCheck",
      note: "writes, reads back and removes a trial item on this computer",
      standing: null,
      needs: [],
      requests: [],
    },
    {
      number: 2,
      kind: "registerApp",
      title: 'Register the app "HR feed"',
      term: null,
      effect: "willCreate",
      note: "requests the permissions too",
      standing: can,
      needs: [1],
      requests: [
        {
          method: "PATCH",
          url: "https://graph.microsoft.com/v1.0/applications(uniqueName='inbound-access-hr-feed')",
          headers: ["Content-Type: application/json", "Prefer: create-if-missing"],
          body: '{\n  "displayName": "HR feed",\n  "signInAudience": "AzureADMyOrg"\n}',
        },
      ],
    },
    {
      number: 3,
      kind: "createServicePrincipal",
      title: "Give it a service principal",
      term: null,
      effect: "willCreate",
      note: null,
      standing: can,
      needs: [2],
      requests: [
        {
          method: "POST",
          url: "https://graph.microsoft.com/v1.0/servicePrincipals",
          headers: ["Content-Type: application/json"],
          body: '{\n  "appId": "{client id of step 2}"\n}',
        },
      ],
    },
    {
      number: 4,
      kind: "grant",
      title: "Let it upload users",
      term: upload.value,
      effect: "willGrant",
      note: null,
      standing: can,
      needs: [3],
      requests: [
        {
          method: "POST",
          url: "https://graph.microsoft.com/v1.0/servicePrincipals/5e1f/appRoleAssignedTo",
          headers: ["Content-Type: application/json"],
          body: '{\n  "principalId": "{object id of step 3}"\n}',
        },
      ],
    },
    {
      number: 5,
      kind: "grant",
      title: "Let it read provisioning logs",
      term: auditLog.value,
      effect: "willGrant",
      note: null,
      standing: can,
      needs: [3],
      requests: [
        {
          method: "POST",
          url: "https://graph.microsoft.com/v1.0/servicePrincipals/5e1f/appRoleAssignedTo",
          headers: ["Content-Type: application/json"],
          body: '{\n  "principalId": "{object id of step 3}"\n}',
        },
      ],
    },
    {
      number: 6,
      kind: "createSecret",
      title: "Make a client secret, until 24 May 2027, and keep it in the Windows Credential Manager",
      term: null,
      effect: "willCreate",
      note: null,
      standing: can,
      needs: [1, 2, 3, 4, 5],
      requests: [
        {
          method: "POST",
          url: "https://graph.microsoft.com/v1.0/applications/{object id of step 2}/addPassword",
          headers: ["Content-Type: application/json"],
          body: '{\n  "passwordCredential": { "displayName": "HR feed until May 2027 (run {run id})" }\n}',
        },
      ],
    },
  ],
  changes: 5,
  warnings: [
    {
      message:
        "Steps 4 and 5: You are Application Administrator. Granting Microsoft Graph permissions needs a Privileged Role Administrator or a Global Administrator.",
      steps: [4, 5],
    },
  ],
  narrower: {
    insteadOf: auditLog.value,
    permission: provisioningLog.value,
    explanation: "It reads provisioning logs only; AuditLog.Read.All opens sign-ins and audit records besides.",
  },
  consentOffer: null,
  doing: "setUp",
  runId: null,
  kept: [],
};

export const nothingToDo: PlanView = {
  ...plan,
  id: "plan-0",
  changes: 0,
  warnings: [],
  narrower: null,
  steps: plan.steps.slice(1).map((step, index) => ({
    ...step,
    number: index + 1,
    effect: "alreadySo",
    note: "granted 12 Nov 2026",
    standing: null,
    requests: [],
  })),
};

export const handOver: HandOver = {
  principal: app,
  tenantId: TENANT,
  tokenUrl: `https://login.microsoftonline.com/${TENANT}/oauth2/v2.0/token`,
  scope: "https://graph.microsoft.com/.default",
  secret: {
    keychain: "Windows Credential Manager",
    service: "Inbound Access",
    account: `practice/${TENANT}/${CLIENT}/5ec4e700-0000-4000-8000-000000000001`,
    description: "HR feed until May 2027",
    expires: "2027-05-24T23:59:59Z",
    keyId: "5ec4e700-0000-4000-8000-000000000001",
    clientId: CLIENT,
  },
  shown: null,
  permissions: [upload.value, auditLog.value],
};

/** What such a run has made once its principal exists. */
export const made: MadeObject[] = [
  { step: 2, what: 'App registration "HR feed"', idName: "client id", id: CLIENT },
  { step: 2, what: 'App registration "HR feed"', idName: "object id", id: "c0ffee00-0000-4000-8000-00000000a551" },
  { step: 3, what: "Service principal", idName: "object id", id: PRINCIPAL },
].map((object) => ({ ...object, removed: null, restorableUntil: null }));

/** A run of `plan` whose steps stand as told; the steps not told of are done. */
export function runWith(states: Record<number, StepState>, part: Partial<RunView> = {}): RunView {
  const done: StepState = { kind: "done", note: null, requestId: "9f8e7d6c-1234-4abc-8def-001122334455" };
  return {
    id: "20261124-104000-ab12",
    started: "2026-11-24T10:40:00Z",
    ended: "2026-11-24T10:40:09Z",
    state: "done",
    tenantName: "Brightwater Foods",
    tenantId: TENANT,
    cloud: "Practice",
    operator: "imogen.castellane@brightwater.example",
    subject: 'the app "HR feed"',
    steps: plan.steps.map(({ number, kind, title, term }) => ({
      number,
      kind,
      title,
      term,
      state: states[number] ?? done,
    })),
    made,
    handOver: null,
    consent: null,
    finishes: null,
    summary: "It can upload users and read the logs.",
    doing: "setUp",
    earlier: [],
    left: null,
    ways: { canContinue: false, canUndo: false, canLeave: false },
    debts: [],
    ...part,
  };
}

export const doneRun: RunView = runWith({}, { handOver, ways: { canContinue: false, canUndo: true, canLeave: false } });

/** What the journal answers when it holds these. */
export function journal(runs: RunView[], unreadable: Problem[] = [], ours: string[] = []) {
  return async (): Promise<RunsView> => ({ runs, unreadable, ours });
}

export const refusal: Problem = {
  code: "forbidden",
  message: "Entra refused to let it upload users: your roles do not allow it.",
  exists: "The app registration and its service principal exist. No secret was made.",
  advice: "Ask a Privileged Role Administrator to run this again; what is done already is left as it is.",
  fields: [],
  trace: {
    status: 403,
    serviceCode: "Authorization_RequestDenied",
    serviceMessage: "Insufficient privileges to complete the operation.",
    requestId: "11aa22bb-33cc-44dd-85ee-66ff77aa88bb",
    clientRequestId: "99ff88ee-77dd-46cc-85bb-44aa33221100",
    date: "2026-11-24T10:40:07Z",
  },
};

export const failedRun: RunView = runWith(
  {
    4: { kind: "failed", problem: refusal },
    5: { kind: "notDone", reason: "Step 4 failed." },
    6: { kind: "notDone", reason: "Step 4 failed." },
  },
  {
    state: "failed",
    summary: "The app is registered; it can not upload users yet.",
    ways: { canContinue: true, canUndo: true, canLeave: true },
  },
);

/** A run that an earlier version kept, which did not write down what was asked for. */
export const oldRun: RunView = {
  ...failedRun,
  id: "old",
  ways: { canContinue: false, canUndo: false, canLeave: true },
};

/** What is left of `failedRun`. */
export const continuePlan: PlanView = {
  ...plan,
  id: "plan-continue",
  changes: 3,
  doing: "continue",
  runId: failedRun.id,
  warnings: [],
  steps: plan.steps.map((step) =>
    step.number === 2 || step.number === 3
      ? { ...step, effect: "alreadySo", note: "made 24 Nov 2026", requests: [], standing: null }
      : step,
  ),
};

/** What undoing a run of `plan` removes, and what it leaves. */
export const undoPlan: PlanView = {
  ...plan,
  id: "plan-undo",
  changes: 3,
  doing: "undo",
  runId: failedRun.id,
  warnings: [],
  narrower: null,
  steps: [
    {
      number: 1,
      kind: "revokeGrant",
      title: "Take back that it may upload users",
      term: upload.value,
      effect: "willRemove",
      note: null,
      standing: can,
      needs: [],
      requests: [
        {
          method: "DELETE",
          url: "https://graph.microsoft.com/v1.0/servicePrincipals/5e1f/appRoleAssignedTo/aa11",
          headers: [],
          body: null,
        },
      ],
    },
    {
      number: 2,
      kind: "removeSecret",
      title: "Remove its client secret from Entra and from the Windows Credential Manager",
      term: null,
      effect: "willRemove",
      note: null,
      standing: can,
      needs: [],
      requests: [],
    },
    {
      number: 3,
      kind: "deleteApp",
      title: 'Delete the app registration "HR feed"',
      term: null,
      effect: "willRemove",
      note: "its service principal goes with it; both can be restored in Entra for 30 days",
      standing: can,
      needs: [1, 2],
      requests: [],
    },
  ],
  kept: [
    {
      what: "Grant of AuditLog.Read.All",
      idName: "grant id",
      id: "9a8b7c6d-0000-4000-8000-000000000009",
      reason: "Another run lists it too.",
    },
  ],
};

/** The same when all of it is gone already. */
export const nothingToUndo: PlanView = {
  ...undoPlan,
  id: "plan-undo-0",
  changes: 0,
  kept: [],
  steps: undoPlan.steps.map((step) => ({ ...step, effect: "alreadySo", note: "is gone already", requests: [] })),
};

/** The steps of undoing, as they ended; those not told of are done. */
export function undonePlanSteps(states: Record<number, StepState> = {}): RunStep[] {
  const done: StepState = { kind: "done", note: null, requestId: null };
  return undoPlan.steps.map(({ number, kind, title, term }) => ({
    number,
    kind,
    title,
    term,
    state: states[number] ?? done,
  }));
}

/** `failedRun` after it was undone. */
export const undoneRun: RunView = {
  ...failedRun,
  state: "undone",
  doing: "undo",
  summary: 'What the run made for the app "HR feed" was taken back.',
  ways: { canContinue: false, canUndo: false, canLeave: false },
  steps: undonePlanSteps(),
  made: made.map((object) => ({
    ...object,
    removed: "2026-11-24T12:00:00Z",
    restorableUntil: "2026-12-24T12:00:00Z",
  })),
  earlier: [
    {
      doing: "setUp",
      started: failedRun.started,
      ended: failedRun.ended,
      state: failedRun.state,
      operator: failedRun.operator,
      steps: failedRun.steps,
      summary: failedRun.summary,
    },
  ],
};

/** When a secret that is shown now is removed again. */
export function inTenMinutes(): string {
  return new Date(Date.now() + 600_000).toISOString();
}

/** A run whose new secret waits for the operator. */
export function showingRun(why: Problem | null = null): RunView {
  return runWith(
    { 6: { kind: "showsSecret", why, description: "HR feed until May 2027", until: inTenMinutes() } },
    { state: "running", ended: null },
  );
}

export const keychainLocked: Problem = {
  code: "keychainLocked",
  message: "The Windows Credential Manager is locked.",
  exists: "The new secret is in Entra and nowhere else.",
  advice: "Take the secret yourself, or have it removed.",
  fields: [],
  trace: null,
};

/** A run that the keychain stopped before anything was made. */
export const keychainRun: RunView = runWith(
  {
    1: { kind: "failed", problem: { ...keychainLocked, exists: "Nothing was created in the tenant." } },
    ...Object.fromEntries([2, 3, 4, 5, 6].map((step) => [step, { kind: "notDone", reason: "It needs step 1." }])),
  },
  {
    state: "failed",
    made: [],
    summary: "Nothing was made.",
    ways: { canContinue: true, canUndo: false, canLeave: true },
  },
);

/** A run whose secret the operator has taken. */
export const shownRun: RunView = {
  ...doneRun,
  handOver: {
    ...handOver,
    secret: null,
    shown: {
      description: "HR feed until May 2027",
      expires: "2027-05-24T23:59:59Z",
      keyId: "5ec4e700-0000-4000-8000-000000000001",
      clientId: CLIENT,
    },
  },
};
