import { Channel, type InvokeArgs, invoke } from "@tauri-apps/api/core";
import type { Backend } from "./backend";
import { toProblem } from "./problem";
import type { RunEvent } from "./types";

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
  checkAppName: (name) => call("check_app_name", { name }),
  searchIdentities: (text) => call("search_identities", { text }),
  searchPrincipals: (text) => call("search_principals", { text }),
  planSetup: (request) => call("plan_setup", { request }),
  runPlan: (planId, onEvent) => {
    const events = new Channel<RunEvent>();
    events.onmessage = onEvent;
    return call("run_plan", { planId, events });
  },
  cancelRun: (runId) => call("cancel_run", { runId }),
  listRuns: () => call("list_runs"),
  verify: (principal, permissions, token) => call("verify", { principal, permissions, token }),
  copySecret: (clientId, keyId) => call("copy_secret", { clientId, keyId }),
  revealSecret: (clientId, keyId, dark) => call("reveal_secret", { clientId, keyId, dark }),
  hideSecret: () => call("hide_secret"),
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
