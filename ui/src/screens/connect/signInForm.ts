import type { Problem, Remembered, Settings, SignInRequest, SignInWay } from "../../backend/types";
import type { WordId } from "../../words/useWords";

/** The client that one's own organisation registered, among the choices of client. */
export const OWN = "own";

/** What the form of Connect holds. */
export interface SignInForm {
  cloud: string;
  tenant: string;
  /** `own`, or the client id of one of Microsoft's. */
  client: string;
  /** None as long as nobody typed one: what the settings have for this cloud and tenant then counts. */
  ownClient: string | null;
  /** That one of Microsoft's clients is a conscious choice. */
  understood: boolean;
}

export type SignInField = "cloud" | "tenant" | "clientId";

export function emptySignInForm(cloud: string): SignInForm {
  return { cloud, tenant: "", client: OWN, ownClient: null, understood: false };
}

/** The client id of the form as it stands: typed, or as the settings have it for this cloud and tenant. */
export function ownClient(form: SignInForm, settings: Settings): string {
  if (form.ownClient !== null) {
    return form.ownClient;
  }
  const tenant = form.tenant.trim().toLowerCase();
  const here = settings.clients.filter(({ cloud }) => cloud === form.cloud);
  const known =
    here.find((client) => client.tenant.toLowerCase() === tenant) ?? here.find((client) => client.tenant === "");
  return known?.clientId ?? "";
}

/** The client id to sign in with, own or Microsoft's. */
export function clientOf(form: SignInForm, settings: Settings): string {
  return form.client === OWN ? ownClient(form, settings).trim() : form.client;
}

const CLIENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is wrong with the client id before anybody is asked; `null` when nothing is. */
export function clientFault(clientId: string): WordId | null {
  if (clientId === "") {
    return "signin.clientIdEmpty";
  }
  return CLIENT_ID.test(clientId) ? null : "signin.clientIdShape";
}

/** The Azure tools bring a client of their own. */
export function needsClient(way: SignInWay): boolean {
  return way === "browser" || way === "deviceCode";
}

export function toSignIn(form: SignInForm, settings: Settings, way: SignInWay): SignInRequest {
  const tenant = form.tenant.trim();
  return {
    cloud: form.cloud,
    tenant: tenant === "" ? null : tenant,
    way,
    clientId: needsClient(way) ? clientOf(form, settings) : null,
    account: null,
  };
}

/** The sign-in of last time again. */
export function requestFor({ cloud, tenantId, way, clientId, account }: Remembered): SignInRequest {
  return { cloud, tenant: tenantId, way, clientId, account };
}

/** What a problem says of the form's fields. */
export function fieldErrors(problem: Problem | null): Partial<Record<SignInField, string>> {
  const errors: Partial<Record<SignInField, string>> = {};
  for (const { field, message } of problem?.fields ?? []) {
    if (field === "cloud" || field === "tenant" || field === "clientId") {
      errors[field] = message;
    }
  }
  return errors;
}
