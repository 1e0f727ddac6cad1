import type { ConsentRequest, ConsentState, OpenedConsent, PlanView, RunView } from "../backend/types";
import { auditLog, CLIENT, PRINCIPAL, TENANT, upload } from "./fixtures";
import { handOver, plan, runWith } from "./runFixtures";
import { activateFirst, can, needsOther } from "./sessionFixtures";

const isGrant = (number: number) => number === 4 || number === 5;

/** The plan of somebody who may register but not grant; Rust offers to leave the grants to another. */
export const planWithOffer: PlanView = {
  ...plan,
  warnings: [],
  steps: plan.steps.map((step) => (isGrant(step.number) ? { ...step, standing: needsOther } : step)),
  consentOffer: { steps: [4, 5], explanation: "A Privileged Role Administrator can grant them." },
};

/** The plan of somebody who has a role to activate. */
export const planToActivate: PlanView = {
  ...plan,
  warnings: [],
  steps: plan.steps.map((step) => (isGrant(step.number) ? { ...step, standing: activateFirst } : step)),
};

/** The same once the grants are left to another. */
export const planThatAsks: PlanView = {
  ...planWithOffer,
  id: "plan-2",
  consentOffer: null,
  changes: 3,
  steps: planWithOffer.steps.map((step) =>
    isGrant(step.number) ? { ...step, effect: "willAskConsent", standing: null } : step,
  ),
};

export const consentRequest: ConsentRequest = {
  kind: "inbound-access/consent-request",
  format: 1,
  runId: "20261124-104000-ab12",
  asked: "2026-11-24T10:40:09Z",
  askedBy: "aaliyah.okonjo@brightwater.example",
  cloud: "practice",
  tenantId: TENANT,
  tenantName: "Brightwater Foods",
  principal: { name: "HR feed", clientId: CLIENT, objectId: PRINCIPAL, managedIdentity: false },
  permissions: [
    { value: upload.value, title: upload.title, appRoleId: "db31e92a-b9ea-4d87-bf6a-75a37a9ca35a" },
    { value: auditLog.value, title: auditLog.title, appRoleId: "b0afded3-3588-46d8-8b3d-9842eff778da" },
  ],
};

export const awaited: ConsentState = {
  request: consentRequest,
  consentUrl: `https://login.microsoftonline.com/${TENANT}/v2.0/adminconsent?client_id=${CLIENT}`,
  portalUrl: "https://entra.microsoft.com/#view/consent",
  granted: [null, null],
  checked: "2026-11-24T10:40:09Z",
};

/** A run that ended well and left its grants to another administrator. */
export const askingRun: RunView = runWith(
  { 4: { kind: "consentAsked" }, 5: { kind: "consentAsked" } },
  {
    handOver: { ...handOver, permissions: [] },
    consent: awaited,
    summary: "The app and its secret exist. It can upload users once another administrator has granted 2 permissions.",
  },
);

/** The same after the other administrator has granted so many of them. */
export function grantedRun(count: number): RunView {
  const granted = awaited.granted.map((_, index) => (index < count ? "2026-11-24T11:05:00Z" : null));
  return { ...askingRun, consent: { ...awaited, granted, checked: "2026-11-24T11:06:00Z" } };
}

export const openedConsent: OpenedConsent = {
  id: "consent-1",
  request: consentRequest,
  obstacle: null,
  standing: can,
};

/** What the privileged administrator is shown for it. */
export const consentPlan: PlanView = {
  ...plan,
  id: "plan-3",
  warnings: [],
  narrower: null,
  changes: 2,
  steps: plan.steps
    .filter(({ number }) => isGrant(number))
    .map((step, index) => ({ ...step, number: index + 1, needs: [], standing: can })),
};

export const consentRun: RunView = runWith(
  {},
  {
    id: "20261124-110500-cd34",
    operator: "tomasz.wieczorek@brightwater.example",
    steps: consentPlan.steps.map(({ number, kind, title, term }) => ({
      number,
      kind,
      title,
      term,
      state: { kind: "done", note: null, requestId: null },
    })),
    made: [],
    summary: "It can upload users and read the logs.",
  },
);
