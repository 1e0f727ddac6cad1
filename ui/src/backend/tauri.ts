import { Channel, type InvokeArgs, invoke } from "@tauri-apps/api/core";
import type { Backend } from "./backend";
import { toProblem } from "./problem";
import type { AuditNews, RunEvent, SessionNews, UploadView } from "./types";

async function call<T>(command: string, args?: InvokeArgs): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw toProblem(thrown);
  }
}

/** The real backend: the commands of src-tauri. */
export const tauriBackend: Backend = {
  appInfo: () => call("app_info"),
  connectPractice: (persona) => call("connect_practice", { persona }),
  disconnect: () => call("disconnect"),
  resetPractice: () => call("reset_practice"),
  signIn: (request) => call("sign_in", { request }),
  cancelSignIn: () => call("cancel_sign_in"),
  copySignInLink: () => call("copy_sign_in_link"),
  openSignInPage: () => call("open_sign_in_page"),
  watchSession: (onNews) => {
    const news = new Channel<SessionNews>();
    news.onmessage = onNews;
    return call("watch_session", { news });
  },
  touch: () => call("touch"),
  lockSession: () => call("lock_session"),
  unlock: () => call("unlock"),
  preflight: (ask) => call("preflight", { ask }),
  activateRole: (roleId, justification, hours) => call("activate_role", { roleId, justification, hours }),
  saveSettings: (settings) => call("save_settings", { settings }),
  testClient: (cloud, tenant, clientId) => call("test_client", { cloud, tenant, clientId }),
  forgetTenant: (cloud, tenantId) => call("forget_tenant", { cloud, tenantId }),
  checkAppName: (name) => call("check_app_name", { name }),
  searchIdentities: (text) => call("search_identities", { text }),
  searchPrincipals: (text) => call("search_principals", { text }),
  planSetup: (request) => call("plan_setup", { request }),
  planContinue: (runId) => call("plan_continue", { runId }),
  planUndo: (runId) => call("plan_undo", { runId }),
  leaveRun: (runId) => call("leave_run", { runId }),
  runPlan: (planId, onEvent) => {
    const events = new Channel<RunEvent>();
    events.onmessage = onEvent;
    return call("run_plan", { planId, events });
  },
  cancelRun: (runId) => call("cancel_run", { runId }),
  listRuns: () => call("list_runs"),
  saveConsentRequest: (runId, format) => call("save_consent_request", { runId, format }),
  copyConsentLink: (runId) => call("copy_consent_link", { runId }),
  openConsentLink: (runId) => call("open_consent_link", { runId }),
  checkConsent: (runId) => call("check_consent", { runId }),
  openConsentRequest: () => call("open_consent_request"),
  planConsent: (id) => call("plan_consent", { id }),
  planFix: (fix) => call("plan_fix", { fix }),
  road: (ask) => call("road", { ask }),
  prepareUpload: (request) => call("prepare_upload", { request }),
  startUpload: (uploadId, onNews) => {
    const news = new Channel<UploadView>();
    news.onmessage = onNews;
    return call("start_upload", { uploadId, news });
  },
  stopUpload: (uploadId) => call("stop_upload", { uploadId }),
  audit: (permissions, onNews) => {
    const news = new Channel<AuditNews>();
    news.onmessage = onNews;
    return call("audit", { permissions, news });
  },
  stopAudit: () => call("stop_audit"),
  holderDetails: (principals) => call("holder_details", { principals }),
  credentials: () => call("credentials"),
  saveEvidence: (subject, format) => call("save_evidence", { subject, format }),
  developerPacket: (principal, jobId) => call("developer_packet", { principal, jobId: jobId ?? "" }),
  planScripts: (planId) => call("plan_scripts", { planId }),
  runScripts: (runId) => call("run_scripts", { runId }),
  saveSnippet: (snippetId) => call("save_snippet", { snippetId }),
  verify: (principal, permissions, token) => call("verify", { principal, permissions, token }),
  copySecret: (clientId, keyId) => call("copy_secret", { clientId, keyId }),
  revealSecret: (clientId, keyId, dark) => call("reveal_secret", { clientId, keyId, dark }),
  hideSecret: () => call("hide_secret"),
  revealNewSecret: (runId, dark) => call("reveal_new_secret", { runId, dark }),
  copyNewSecret: (runId) => call("copy_new_secret", { runId }),
  settleNewSecret: (runId, taken) => call("settle_new_secret", { runId, taken }),
  copyText: (text) => call("copy_text", { text }),
  openLink: (url) => call("open_link", { url }),
  windowReady: () => call("window_ready"),
  watchClosing: (onAsked) => {
    const asked = new Channel<null>();
    asked.onmessage = onAsked;
    return call("watch_closing", { asked });
  },
  keepOpen: () => call("keep_open"),
  closeWindow: () => call("close_window"),
  reportFault: (message) => call("report_fault", { message }),
};
