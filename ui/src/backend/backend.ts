import type {
  AppInfo,
  ConnectionView,
  Copied,
  NameCheck,
  PlanView,
  Reset,
  Revealed,
  RunEvent,
  RunsView,
  RunView,
  SearchResult,
  SetupRequest,
  Verification,
} from "./types";

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
  checkAppName(name: string): Promise<NameCheck>;
  searchIdentities(text: string): Promise<SearchResult>;
  searchPrincipals(text: string): Promise<SearchResult>;
  planSetup(request: SetupRequest): Promise<PlanView>;
  /** Runs a plan; `onEvent` is called in order, `started` first and `ended` last. */
  runPlan(planId: string, onEvent: (event: RunEvent) => void): Promise<RunView>;
  cancelRun(runId: string): Promise<void>;
  /** Newest first, and what of the journal cannot be read. */
  listRuns(): Promise<RunsView>;
  /** `permissions` are the values that the principal should hold; `token` asks for a live token too. */
  verify(principal: string, permissions: string[], token: boolean): Promise<Verification>;
  copySecret(clientId: string, keyId: string): Promise<Copied>;
  /** Draws the secret as a picture that only the answered address serves, and only until it expires. */
  revealSecret(clientId: string, keyId: string, dark: boolean): Promise<Revealed>;
  hideSecret(): Promise<void>;
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
