import type { AppInfo, ConnectionView, PermissionInfo, PrincipalCard, Problem, Verification } from "../backend/types";
import { CONTOSO, clouds, microsoftClients, noSettings, OWN_CLIENT, preflight } from "./sessionFixtures";

export const TENANT = "3f2a8c1e-5b7d-4e90-a1c3-9d4f6b2e709c";
export const CLIENT = "7d1c4b2a-90e3-4f58-8a6b-1c2d3e4f5a6b";
export const PRINCIPAL = "b4e5d6c7-1a2b-4c3d-9e8f-0a1b2c3d4e5f";

export const upload: PermissionInfo = {
  value: "SynchronizationData-User.Upload",
  title: "Upload users",
  explanation: "Sends users to any API-driven provisioning job of this tenant.",
};
export const auditLog: PermissionInfo = {
  value: "AuditLog.Read.All",
  title: "Read provisioning logs",
  explanation: "Shows what became of each upload. Opens audit and sign-in logs besides.",
};
export const provisioningLog: PermissionInfo = {
  value: "ProvisioningLog.Read.All",
  title: "Read provisioning logs",
  explanation: "Shows what became of each upload, and nothing else.",
};

export const connection: ConnectionView = {
  practice: true,
  cloud: "Practice",
  tenantName: "Brightwater Foods",
  tenantId: TENANT,
  tenantDomain: "brightwater.example",
  cloudKey: "practice",
  way: null,
  clientId: null,
  clockOffMinutes: null,
  accountName: "Imogen Castellane",
  account: "imogen.castellane@brightwater.example",
  roles: ["Global Administrator"],
  abilities: preflight.abilities,
  permissionSets: [
    {
      key: "howTo",
      title: "As in the how-to",
      explanation: "What Microsoft's how-to asks for: upload users and read the logs.",
      permissions: [upload, auditLog],
      available: true,
    },
    {
      key: "narrower",
      title: "Narrower",
      explanation:
        "Uploads users and reads provisioning logs only, not sign-ins and audit records. Microsoft's newer advice.",
      permissions: [upload, provisioningLog],
      available: true,
    },
    {
      key: "isv",
      title: "For software vendors (ISV)",
      explanation:
        "The client makes its own provisioning apps and uploads through those alone. This tenant's Microsoft Graph does not offer SynchronizationData-User.Upload.OwnedBy.",
      permissions: [
        { value: "Application.ReadWrite.OwnedBy", title: "Make and manage its own apps", explanation: "" },
        { value: "SynchronizationData-User.Upload.OwnedBy", title: "Upload users to its own apps", explanation: "" },
      ],
      available: false,
    },
  ],
};

export const appInfo: AppInfo = {
  settingsNotice: null,
  version: "0.1.0",
  platform: "windows",
  keychain: "Windows Credential Manager",
  personas: [
    {
      key: "globalAdministrator",
      name: "Imogen Castellane",
      userPrincipalName: "imogen.castellane@brightwater.example",
      roles: "Global Administrator",
      explanation: "Can do the whole job.",
    },
    {
      key: "privilegedRoleAdministrator",
      name: "Tomasz Wieczorek",
      userPrincipalName: "tomasz.wieczorek@brightwater.example",
      roles: "Privileged Role Administrator",
      explanation: "Can grant permissions to what exists, a managed identity for example; cannot register apps.",
    },
    {
      key: "applicationAdministrator",
      name: "Aaliyah Okonjo",
      userPrincipalName: "aaliyah.okonjo@brightwater.example",
      roles: "Application Administrator",
      explanation: "Can register an app and make its secret; cannot grant Microsoft Graph permissions.",
    },
    {
      key: "user",
      name: "Dario Petrescu",
      userPrincipalName: "dario.petrescu@brightwater.example",
      roles: "None",
      explanation: "Can read; can change nothing.",
    },
  ],
  connection,
  locked: null,
  clouds,
  microsoftClients,
  settings: noSettings,
  network: { proxy: null, source: null, noProxy: null },
  cloudsArePlayed: false,
};

export const notConnected: AppInfo = { ...appInfo, connection: null };

/** A session in a real tenant. */
export const realConnection: ConnectionView = {
  ...connection,
  practice: false,
  cloud: "Global",
  cloudKey: "global",
  tenantName: "Contoso",
  tenantId: CONTOSO,
  tenantDomain: "contoso.com",
  way: "browser",
  clientId: OWN_CLIENT,
  account: "admin@contoso.com",
};

export const app: PrincipalCard = {
  name: "HR feed",
  kind: "appRegistration",
  objectId: PRINCIPAL,
  clientId: CLIENT,
  applicationObjectId: "c0ffee00-0000-4000-8000-00000000a551",
  enabled: true,
  created: "2026-11-12T10:40:00Z",
  azure: null,
  portalUrl: "https://entra.microsoft.com/#view/app",
};

const HR = "/subscriptions/11111111-2222-4333-8444-555555555555";
const LAB = "/subscriptions/99999999-8888-4777-8666-555555555555";

export const logicApp: PrincipalCard = {
  name: "CSV2SCIMBulkUpload",
  kind: "systemAssigned",
  objectId: "0a1b2c3d-1111-4222-8333-444455556666",
  clientId: "aaaa1111-bbbb-4ccc-8ddd-eeeeffff0001",
  applicationObjectId: null,
  enabled: true,
  created: "2026-09-03T08:00:00Z",
  azure: {
    id: `${HR}/resourceGroups/rg-hr-integration/providers/Microsoft.Logic/workflows/CSV2SCIMBulkUpload`,
    subscription: "11111111-2222-4333-8444-555555555555",
    resourceGroup: "rg-hr-integration",
    typeName: "Logic App",
    resourceName: "CSV2SCIMBulkUpload",
  },
  portalUrl: "https://entra.microsoft.com/#view/logic",
};

export const namesake: PrincipalCard = {
  ...logicApp,
  kind: "userAssigned",
  objectId: "0a1b2c3d-7777-4888-8999-000011112222",
  clientId: "aaaa1111-bbbb-4ccc-8ddd-eeeeffff0002",
  azure: {
    id: `${LAB}/resourceGroups/rg-sandbox/providers/Microsoft.ManagedIdentity/userAssignedIdentities/CSV2SCIMBulkUpload`,
    subscription: "99999999-8888-4777-8666-555555555555",
    resourceGroup: "rg-sandbox",
    typeName: "User-assigned identity",
    resourceName: "CSV2SCIMBulkUpload",
  },
};

export const hiddenMarks: PrincipalCard = {
  ...logicApp,
  name: "HR\u202Edeef\u202C موظفين",
  objectId: "0a1b2c3d-aaaa-4bbb-8ccc-ddddeeeeffff",
  clientId: "aaaa1111-bbbb-4ccc-8ddd-eeeeffff0003",
  enabled: false,
  created: null,
  azure: null,
};

export const verification: Verification = {
  id: "7e41f1ca-0000-4000-8000-000000000001",
  log: { kind: "notTried", reason: "No token was asked for." },
  findings: [],
  owners: [],
  federated: [],
  assignmentRequired: false,
  unreadable: [],
  changes: null,
  principal: app,
  tenantName: "Brightwater Foods",
  tenantId: TENANT,
  checkedAt: "2026-11-24T10:42:00Z",
  verdict: {
    kind: "readyBut",
    sentence: "Ready, but its secret ends in 23 days. It can upload users and read the logs.",
    advice: "Make a new secret before 17 Dec 2026 and hand it over.",
  },
  permissions: [
    {
      title: "Upload users",
      value: upload.value,
      requested: true,
      granted: { id: "grant-1", at: "2026-11-12T10:40:00Z" },
      inToken: "yes",
      state: "granted",
      note: null,
    },
    {
      title: "Read provisioning logs",
      value: auditLog.value,
      requested: true,
      granted: null,
      inToken: "no",
      state: "requestedNotGranted",
      note: "An administrator has not consented to it.",
    },
  ],
  credentials: [
    {
      kind: "secret",
      description: "HR feed 2026",
      keyId: "5ec4e700-0000-4000-8000-000000000001",
      expires: "2026-12-17T23:59:59Z",
      daysLeft: 23,
      inKeychain: true,
    },
    {
      kind: "certificate",
      description: "",
      keyId: "5ec4e700-0000-4000-8000-000000000002",
      expires: "2026-11-01T00:00:00Z",
      daysLeft: -23,
      inKeychain: null,
    },
  ],
  surplus: [
    {
      value: "Directory.ReadWrite.All",
      risk: 5,
      explanation: "Can change every object of the directory.",
      grant: { id: "grant-9", at: "2026-02-03T09:00:00Z" },
    },
    { value: "User.Read.All", risk: 3, explanation: "Reads every user.", grant: { id: "grant-8", at: null } },
  ],
  token: { kind: "issued", at: "2026-11-24T10:42:00Z", roles: [upload.value] },
};

export const identityVerification: Verification = {
  ...verification,
  principal: logicApp,
  verdict: {
    kind: "notYet",
    sentence: "Not yet. All is granted, but a token asked for just now does not hold AuditLog.Read.All.",
    advice: "Nothing is wrong. Verify again in a few minutes.",
  },
  permissions: verification.permissions.map((row) => ({
    ...row,
    requested: null,
    granted: { id: "grant-2", at: "2026-11-24T10:28:00Z" },
    inToken: "notChecked",
    state: "grantedMayBeStale",
    note: "Granted 14 minutes ago. Azure may hand it old tokens until tomorrow 10:40. Nothing is wrong.",
  })),
  credentials: [],
  surplus: [],
  token: { kind: "notChecked", reason: "Only Azure can get a token for a managed identity." },
};

export function problem(part: Partial<Problem> = {}): Problem {
  return {
    code: "unreachable",
    message: "login.microsoftonline.com could not be reached.",
    exists: "Nothing was changed.",
    advice: "Check the network, then try again.",
    fields: [],
    trace: null,
    ...part,
  };
}
