import type {
  AuditSummary,
  Changes,
  CredentialList,
  DeveloperPacket,
  Finding,
  HolderRow,
  PlanView,
  Road,
  RunView,
  Snippet,
  UploadPreview,
  UploadView,
  Verification,
} from "../backend/types";
import { auditLog, CLIENT, identityVerification, PRINCIPAL, verification } from "./fixtures";
import { plan, runWith } from "./runFixtures";
import { can } from "./sessionFixtures";

export const road: Road = {
  checkedAt: "2026-11-24T10:42:00Z",
  sentence: "One of two provisioning jobs takes users now.",
  jobs: [
    {
      id: "API2AAD.3f2a.2",
      appName: "Contractors from HR to Microsoft Entra ID",
      appObjectId: "0b1ec700-0000-4000-8000-000000000002",
      appClientId: "c11e4700-0000-4000-8000-000000000002",
      direction: "toEntra",
      health: "quarantined",
      sentence: "In quarantine since 20 Nov: no notification e-mail is set.",
      advice: "Set a notification e-mail in the app's provisioning settings, then start it again.",
      schedule: "every 40 minutes",
      lastRun: { begun: "2026-11-20T08:00:00Z", ended: "2026-11-20T08:02:00Z", outcome: "failed", error: null },
      quarantine: {
        reason: "No notification e-mail is set.",
        code: null,
        since: "2026-11-20T08:02:00Z",
        nextTry: null,
      },
      notifies: false,
      uploadAddress:
        "https://graph.microsoft.com/v1.0/servicePrincipals/0b1ec700-0000-4000-8000-000000000002/synchronization/jobs/API2AAD.3f2a.2/bulkUpload",
      portalUrl: "https://entra.microsoft.com/#two",
    },
    {
      id: "API2AAD.3f2a.1",
      appName: "Staff from HR to Microsoft Entra ID",
      appObjectId: "0b1ec700-0000-4000-8000-000000000001",
      appClientId: "c11e4700-0000-4000-8000-000000000001",
      direction: "toEntra",
      health: "running",
      sentence: "Running; it last ran at 10:31.",
      advice: null,
      schedule: "every 40 minutes",
      lastRun: { begun: "2026-11-24T10:31:00Z", ended: "2026-11-24T10:32:00Z", outcome: "succeeded", error: null },
      quarantine: null,
      notifies: true,
      uploadAddress:
        "https://graph.microsoft.com/v1.0/servicePrincipals/0b1ec700-0000-4000-8000-000000000001/synchronization/jobs/API2AAD.3f2a.1/bulkUpload",
      portalUrl: "https://entra.microsoft.com/#one",
    },
  ],
  withoutJob: [],
  unreadable: null,
  limits: {
    licence: "Microsoft Entra ID P1 or P2",
    usersPerCall: 50,
    callsPer5Seconds: 40,
    callsPerDay: 2000,
  },
};

export const uploadPreview: UploadPreview = {
  id: "a1b2c3d4-0000-4000-8000-000000000001",
  sentence: "HR feed sends one user to the job of Staff from HR to Microsoft Entra ID.",
  address: `POST ${road.jobs[1]?.uploadAddress ?? ""}`,
  headers: ["Content-Type: application/scim+json"],
  payload: '{\n  "schemas": ["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]\n}',
  warnings: ["This is no trial: the job creates, updates or disables a real user."],
};

export const uploadDone: UploadView = {
  id: uploadPreview.id,
  state: "done",
  sentence: "The user was created.",
  acceptedAt: "2026-11-24T10:43:00Z",
  requestId: "5e41e570-0000-4000-8000-000000000001",
  looks: 3,
  nextLook: null,
  entries: [
    {
      id: "entry-1",
      at: "2026-11-24T10:49:00Z",
      action: "Create",
      outcome: "success",
      user: "701984",
      reason: null,
      code: null,
      recommended: null,
    },
  ],
  problem: null,
};

export const holders: HolderRow[] = [
  {
    grantId: "grant-1",
    principalId: "0b1ec700-0000-4000-8000-000000000011",
    name: "HR feed",
    principalType: "ServicePrincipal",
    permission: "SynchronizationData-User.Upload",
    resource: "Microsoft Graph",
    grantedAt: "2026-11-12T10:40:00Z",
  },
  {
    grantId: "grant-2",
    principalId: "0b1ec700-0000-4000-8000-000000000012",
    name: "vm-legacy-hr",
    principalType: "ServicePrincipal",
    permission: "SynchronizationData-User.Upload",
    resource: "Microsoft Graph",
    grantedAt: "2022-11-12T10:40:00Z",
  },
];

export const auditSummary: AuditSummary = {
  id: "a0d17000-0000-4000-8000-000000000001",
  tenantName: "Brightwater Foods",
  tenantId: "3f2a0000-0000-4000-8000-00000000009c",
  checkedAt: "2026-11-24T10:42:00Z",
  operator: "imogen@brightwater.example",
  sentence: "2 principals may upload users.",
  permissions: [
    {
      value: "SynchronizationData-User.Upload",
      title: "Upload users",
      risk: 3,
      explanation: "It can create, change and disable users.",
      offered: true,
    },
  ],
  holders: 2,
  grants: 2,
  grantsRead: 31,
  pages: 1,
  changes: null,
};

export const credentialList: CredentialList = {
  checkedAt: "2026-11-24T10:42:00Z",
  sentence: "One of one ends within 30 days.",
  rows: [
    {
      appName: "HR feed",
      clientId: "c11e4700-0000-4000-8000-000000000011",
      principalId: "0b1ec700-0000-4000-8000-000000000011",
      credential: {
        kind: "secret",
        description: "HR feed 2026",
        keyId: "5ec4e700-0000-4000-8000-000000000001",
        expires: "2026-12-17T23:59:59Z",
        daysLeft: 23,
        inKeychain: true,
      },
    },
  ],
  elsewhere: [],
};

export const snippet: Snippet = {
  id: "51177e70-0000-4000-8000-000000000001",
  key: "curl",
  title: "cURL",
  explanation: "Uploads one user. Put the client secret into the variable CLIENT_SECRET first.",
  text: "curl --version\n",
  fileName: "upload.sh",
};

export const developerPacket: DeveloperPacket = {
  name: "HR feed",
  facts: [
    { label: "Tenant id", value: "3f2a0000-0000-4000-8000-00000000009c", note: null },
    { label: "Client id", value: "c11e4700-0000-4000-8000-000000000011", note: null },
  ],
  snippets: [snippet],
  lacks: null,
};

export const findings: Finding[] = [
  {
    weight: "blocks",
    sentence: "AuditLog.Read.All is requested and not granted.",
    advice: "A Privileged Role Administrator can grant it.",
    fix: { kind: "grant", principal: PRINCIPAL, permissions: [auditLog.value] },
    fixLabel: "Grant 1 permission…",
  },
  {
    weight: "warns",
    sentence: "Its secret ends in 23 days.",
    advice: null,
    fix: {
      kind: "rotateSecret",
      clientId: CLIENT,
      replaces: "5ec4e700-0000-4000-8000-000000000001",
      expires: "2027-05-24",
      removeOld: false,
    },
    fixLabel: "Renew the secret…",
  },
  { weight: "notes", sentence: "It has no owner.", advice: "Name one in Entra.", fix: null, fixLabel: null },
];

export const changes: Changes = {
  since: "2026-11-20T09:00:00Z",
  operator: "tomasz.wieczorek@brightwater.example",
  lines: [
    { kind: "added", sentence: "SynchronizationData-User.Upload was granted.", principalId: null },
    { kind: "removed", sentence: 'The secret "HR feed 2025" is gone.', principalId: null },
    { kind: "changed", sentence: "Sign-in is enabled again.", principalId: null },
  ],
  more: 2,
};

/** Everything that can be found of an app registration at once. */
export const fullVerification: Verification = {
  ...verification,
  log: { kind: "read", at: "2026-11-24T10:42:00Z", newest: "2026-11-24T10:31:00Z" },
  findings,
  owners: [
    { id: "owner-1", name: "Aaliyah Okonjo", signInName: "aaliyah.okonjo@brightwater.example" },
    { id: "owner-2", name: "Deploy bot", signInName: null },
  ],
  federated: [{ name: "github-main", issuer: "https://token.actions.githubusercontent.com", subject: "repo:hr/feed" }],
  assignmentRequired: true,
  unreadable: ["Last sign-in: a Reports Reader may read it."],
  changes,
};

/** All is granted, and nothing of it is in a token yet. */
export const youngVerification: Verification = {
  ...verification,
  verdict: identityVerification.verdict,
  permissions: verification.permissions.map((row) => ({
    ...row,
    granted: { id: "grant-3", at: "2026-11-24T10:41:50Z" },
    state: "granted",
    inToken: "no",
    note: null,
  })),
  token: { kind: "issued", at: "2026-11-24T10:42:00Z", roles: [] },
  log: {
    kind: "refused",
    notYet: true,
    problem: {
      code: "forbidden",
      message: "The log refuses a token that is older than the grant.",
      exists: null,
      advice: "Verify again in a minute.",
      fields: [],
      trace: null,
    },
  },
};

/** The plan of revoking two grants. */
export const revokePlan: PlanView = {
  ...plan,
  id: "plan-fix",
  doing: "fix",
  warnings: [],
  narrower: null,
  changes: 2,
  steps: ["Directory.ReadWrite.All", "User.Read.All"].map((term, index) => ({
    number: index + 1,
    kind: "revokeGrant",
    title: "Take a permission away",
    term,
    effect: "willRemove",
    note: null,
    standing: can,
    needs: [],
    requests: [],
  })),
};

/** The same after it was run. */
export const revokeRun: RunView = runWith(
  {},
  {
    id: "20261124-110000-fe01",
    doing: "fix",
    summary: "HR feed does not hold these 2 permissions any more.",
    steps: revokePlan.steps.map(({ number, kind, title, term }) => ({
      number,
      kind,
      title,
      term,
      state: { kind: "done", note: null, requestId: null },
    })),
    made: [],
    ways: { canContinue: false, canUndo: true, canLeave: false },
  },
);

/** Undoing it grants again. */
export const grantAgainPlan: PlanView = {
  ...revokePlan,
  id: "plan-fix-undo",
  doing: "undo",
  runId: revokeRun.id,
  steps: revokePlan.steps.map((step) => ({
    ...step,
    kind: "grant",
    title: "Grant it again",
    effect: "willGrant",
  })),
};

/** An upload that was accepted, before the log tells of it. */
export const uploadWaiting: UploadView = {
  ...uploadDone,
  state: "waiting",
  sentence: "Entra has accepted it; the log does not tell of it yet.",
  looks: 1,
  nextLook: "2026-11-24T10:45:00Z",
  entries: [],
};
