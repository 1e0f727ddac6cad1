import type {
  ClientTest,
  CloudView,
  EligibleRole,
  Locked,
  MicrosoftClient,
  Preflight,
  Remembered,
  Settings,
  Standing,
} from "../backend/types";

export const OWN_CLIENT = "2f6d8b1c-4a3e-4d57-9c80-6b1f2e3d4c5a";
export const CONTOSO = "c0117050-1234-4abc-8def-00aa11bb22cc";

export const clouds: CloudView[] = [
  {
    key: "global",
    name: "Global",
    hosts: { login: "login.microsoftonline.com", graph: "graph.microsoft.com", portal: "entra.microsoft.com" },
    edited: false,
  },
  {
    key: "usGovL4",
    name: "US Government L4",
    hosts: { login: "login.microsoftonline.us", graph: "graph.microsoft.us", portal: "entra.microsoft.us" },
    edited: false,
  },
  {
    key: "usGovL5",
    name: "US Government L5 (DoD)",
    hosts: { login: "login.microsoftonline.us", graph: "dod-graph.microsoft.us", portal: "entra.microsoft.us" },
    edited: false,
  },
  {
    key: "china",
    name: "China (21Vianet)",
    hosts: {
      login: "login.partner.microsoftonline.cn",
      graph: "microsoftgraph.chinacloudapi.cn",
      portal: "entra.microsoftonline.cn",
    },
    edited: false,
  },
];

export const microsoftClients: MicrosoftClient[] = [
  {
    clientId: "14d82eec-204b-4c2f-b7e8-296a70dab67e",
    name: "Microsoft Graph Command Line Tools",
    meaning:
      "It belongs to Microsoft and every tenant knows it. What an administrator consents to for it stays granted for every user of this client, in other tools too.",
  },
];

export const noSettings: Settings = { clouds: [], clients: [], remembered: [], lockAfterMinutes: 15 };

export const contoso: Remembered = {
  cloud: "global",
  tenantId: CONTOSO,
  tenantName: "Contoso",
  account: "admin@contoso.com",
  way: "browser",
  clientId: OWN_CLIENT,
  last: "2026-11-23T09:00:00Z",
};

export const fabrikam: Remembered = {
  ...contoso,
  cloud: "usGovL4",
  tenantId: "fab1fab1-0000-4000-8000-00000000fab1",
  tenantName: "Fabrikam",
  account: "ops@fabrikam.us",
  way: "azureCli",
  clientId: null,
};

export const locked: Locked = {
  tenantName: "Brightwater Foods",
  account: "imogen.castellane@brightwater.example",
  afterMinutes: 15,
};

export const can: Standing = { able: "can", reason: "You are Global Administrator.", activate: [], roles: [] };

export const appAdministrator: EligibleRole = {
  roleId: "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
  name: "Application Administrator",
  until: "2027-03-31T00:00:00Z",
  portalUrl: "https://entra.microsoft.com/#view/Microsoft_Azure_PIMCommon/ActivationMenuBlade/~/aadmigratedroles",
};

export const privilegedRoleAdministrator: EligibleRole = {
  ...appAdministrator,
  roleId: "e8611ab8-c189-46e8-94e1-60213ab1f814",
  name: "Privileged Role Administrator",
  until: null,
};

export const activateFirst: Standing = {
  able: "activateFirst",
  reason: "You may activate Privileged Role Administrator, which allows it.",
  activate: [privilegedRoleAdministrator],
  roles: [],
};

export const needsOther: Standing = {
  able: "needsOther",
  reason: "A Privileged Role Administrator or a Global Administrator can grant Microsoft Graph permissions.",
  activate: [],
  roles: ["Privileged Role Administrator", "Global Administrator"],
};

export const notKnown: Standing = {
  able: "unknown",
  reason: "None of your roles is known to allow it, but a custom role may.",
  activate: [],
  roles: ["Application Administrator"],
};

export const preflight: Preflight = {
  checked: "2026-11-24T10:42:00Z",
  summary: "You can do the whole job.",
  roles: ["Global Administrator"],
  eligible: { reading: { kind: "read" }, roles: [] },
  scopes: ["User.Read", "Application.Read.All"],
  secrets: {
    reading: { kind: "read" },
    forbidden: false,
    longestDays: 180,
    sentence: "New client secrets may live 180 days at most.",
  },
  registration: { reading: { kind: "read" }, everyone: false },
  licence: { found: true, sentence: "The tenant has Microsoft Entra ID P1." },
  abilities: [
    { what: "Register an app and make its secret", standing: can },
    { what: "Grant the permissions to an app or a managed identity", standing: can },
    { what: "Look at a principal and verify it", standing: can },
  ],
};

/** Of somebody with roles to activate, whose sign-in carries the least scopes. */
export const partlyRead: Preflight = {
  ...preflight,
  summary: "You can look; activate a role to do more.",
  roles: [],
  eligible: { reading: { kind: "read" }, roles: [privilegedRoleAdministrator, appAdministrator] },
  secrets: {
    reading: { kind: "needsScope", scope: "Policy.Read.All" },
    forbidden: false,
    longestDays: null,
    sentence: "The policy was not read.",
  },
  registration: { reading: { kind: "needsScope", scope: "Policy.Read.All" }, everyone: false },
  licence: { found: null, sentence: "This sign-in may not read the tenant's licences." },
  abilities: [
    { what: "Register an app and make its secret", standing: notKnown },
    { what: "Grant the permissions to an app or a managed identity", standing: activateFirst },
    { what: "Consent for the whole company", standing: needsOther },
  ],
};

export const testedClient: ClientTest = {
  verdict: "This client cannot be used yet: one thing is to be mended.",
  usable: false,
  findings: [
    { good: true, what: "The tenant knows this client.", mend: null },
    {
      good: false,
      what: "It has no redirect URI for this program.",
      mend: "Under Authentication, add the platform “Mobile and desktop applications” with http://localhost.",
    },
  ],
};
