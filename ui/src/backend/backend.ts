import type {
  AppInfo,
  AuditNews,
  AuditSummary,
  ClientTest,
  ConnectionView,
  Copied,
  CredentialList,
  DeveloperPacket,
  EvidenceFormat,
  EvidenceSubject,
  Fix,
  HolderDetails,
  NameCheck,
  OpenedConsent,
  PlanView,
  Preflight,
  Reset,
  Revealed,
  Road,
  RunEvent,
  RunsView,
  RunView,
  Saved,
  SearchResult,
  SessionNews,
  Settings,
  SetupRequest,
  SignInRequest,
  Snippet,
  UploadPreview,
  UploadRequest,
  UploadView,
  Verification,
} from "./types";

/** A part of the preflight whose scope may be asked for; none asks for nothing. */
export type AskedPart = "" | "eligible" | "policy";

/**
 * Everything that a screen can ask of the Rust side. Each promise rejects with a `Problem` and nothing else.
 * No method ever returns a secret: it is copied or drawn by Rust, and the page learns only for how long.
 */
export interface Backend {
  appInfo(): Promise<AppInfo>;
  connectPractice(persona: string): Promise<ConnectionView>;
  /** Ends the session, or stops a sign-in that is going on. */
  disconnect(): Promise<void>;
  resetPractice(): Promise<Reset>;
  /** Signs in to a real tenant; a session that stands is replaced once the new one does, and kept when it does not. */
  signIn(request: SignInRequest): Promise<ConnectionView>;
  /** Stops the sign-in that is going on, the first one or one in mid-work. */
  cancelSignIn(): Promise<void>;
  /** Copies the sign-in page's address; the page itself never learns it. */
  copySignInLink(): Promise<void>;
  /** Opens the sign-in page in the system's browser once more. */
  openSignInPage(): Promise<void>;
  /** From now on `onNews` is called when the operator is asked to sign in, has answered, and when the session locks. */
  watchSession(onNews: (news: SessionNews) => void): Promise<void>;
  /** The operator is at the keyboard. */
  touch(): Promise<void>;
  lockSession(): Promise<void>;
  /** Asks the account of the locked session again, in the way that it signed in. */
  unlock(): Promise<ConnectionView>;
  /** What the operator may do. With a part to ask for, the operator may be asked to sign in for its scope. */
  preflight(ask: AskedPart): Promise<Preflight>;
  activateRole(roleId: string, justification: string, hours: number): Promise<Preflight>;
  saveSettings(settings: Settings): Promise<Settings>;
  /** Looks whether a public client can be signed in with in this cloud and tenant. */
  testClient(cloud: string, tenant: string, clientId: string): Promise<ClientTest>;
  forgetTenant(cloud: string, tenantId: string): Promise<Settings>;
  checkAppName(name: string): Promise<NameCheck>;
  searchIdentities(text: string): Promise<SearchResult>;
  searchPrincipals(text: string): Promise<SearchResult>;
  planSetup(request: SetupRequest): Promise<PlanView>;
  /** Plans what a run left undone. */
  planContinue(runId: string): Promise<PlanView>;
  /** Plans taking back what a run made. */
  planUndo(runId: string): Promise<PlanView>;
  /** Notes that a run is left as it is. */
  leaveRun(runId: string): Promise<RunView>;
  /** Runs a plan; `onEvent` is called in order, `started` first and `ended` last. */
  runPlan(planId: string, onEvent: (event: RunEvent) => void): Promise<RunView>;
  cancelRun(runId: string): Promise<void>;
  /** Newest first, and what of the journal cannot be read. */
  listRuns(): Promise<RunsView>;
  /** Asks where to and saves a run's request for consent: for another Inbound Access, or as a note to read. */
  saveConsentRequest(runId: string, format: "markdown" | "json"): Promise<Saved>;
  copyConsentLink(runId: string): Promise<void>;
  openConsentLink(runId: string): Promise<void>;
  /** Looks whether what a run left to another administrator is granted by now. */
  checkConsent(runId: string): Promise<RunView>;
  /** Asks for a file and reads the request for consent in it; none when the operator chose no file. */
  openConsentRequest(): Promise<OpenedConsent | null>;
  planConsent(id: string): Promise<PlanView>;
  /** Plans what mends a finding or changes what was found; it is run by `runPlan`. */
  planFix(fix: Fix): Promise<PlanView>;
  /** The provisioning apps of the tenant with their jobs, read now. With `ask` the operator may be asked to sign in for it. */
  road(ask: boolean): Promise<Road>;
  /** Checks a trial upload and shows what would be sent; sends nothing. */
  prepareUpload(request: UploadRequest): Promise<UploadPreview>;
  /** Sends it once and follows the provisioning log; `onNews` hears each change, the answer is the last one. */
  startUpload(uploadId: string, onNews: (upload: UploadView) => void): Promise<UploadView>;
  /** Stops following; what was sent stays sent. */
  stopUpload(uploadId: string): Promise<void>;
  /** Who holds these permissions, by value; none means those of the job. Rows come by `onNews` while they are read. */
  audit(permissions: string[], onNews: (news: AuditNews) => void): Promise<AuditSummary>;
  stopAudit(): Promise<void>;
  /** More about those in sight, by object id; at most 200 at once. */
  holderDetails(principals: string[]): Promise<HolderDetails[]>;
  /** The secrets and certificates of all apps that hold a permission of the job, those that end first on top. */
  credentials(): Promise<CredentialList>;
  /** Asks where to and saves evidence of something that was shown, or of a run. */
  saveEvidence(subject: EvidenceSubject, format: EvidenceFormat): Promise<Saved>;
  /** What the API developer needs; `jobId` chooses among several provisioning jobs. */
  developerPacket(principal: string, jobId: string | null): Promise<DeveloperPacket>;
  /** A plan as text that does the same elsewhere. */
  planScripts(planId: string): Promise<Snippet[]>;
  /** What a run did, in the same forms. */
  runScripts(runId: string): Promise<Snippet[]>;
  /** Asks where to and saves a text of `developerPacket`, `planScripts` or `runScripts`, by its id. */
  saveSnippet(snippetId: string): Promise<Saved>;
  /** `permissions` are the values that the principal should hold; `token` asks for a live token too. */
  verify(principal: string, permissions: string[], token: boolean): Promise<Verification>;
  copySecret(clientId: string, keyId: string): Promise<Copied>;
  /** Draws the secret as a picture that only the answered address serves, and only until it expires. */
  revealSecret(clientId: string, keyId: string, dark: boolean): Promise<Revealed>;
  hideSecret(): Promise<void>;
  /** The same as `revealSecret`, for the secret that a run that goes on has made and the keychain does not keep. */
  revealNewSecret(runId: string, dark: boolean): Promise<Revealed>;
  copyNewSecret(runId: string): Promise<Copied>;
  /** The operator has it, or it is to be removed from Entra. */
  settleNewSecret(runId: string, taken: boolean): Promise<void>;
  /** For ids and requests, never for secrets. */
  copyText(text: string): Promise<void>;
  /** Opens an address on Rust's list of allowed hosts in the system's browser. */
  openLink(url: string): Promise<void>;
  /** After the first paint: shows the window. */
  windowReady(): Promise<void>;
  /** From now on `onAsked` is called when somebody wants to close the window while a run goes on. */
  watchClosing(onAsked: () => void): Promise<void>;
  /** Answers that wish: the window stays open. */
  keepOpen(): Promise<void>;
  /** Answers that wish: the run is cancelled, then the window closes. */
  closeWindow(): Promise<void>;
  /** A fault of the page itself, for the log. */
  reportFault(message: string): Promise<void>;
}
