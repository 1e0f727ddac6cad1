import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, describe, expect, it } from "vitest";
import { auditSummary, holders } from "../testing/accessFixtures";
import { doneRun } from "../testing/runFixtures";
import { tauriBackend } from "./tauri";
import type { AuditNews, RunEvent, SessionNews, Settings, SignInRequest, UploadRequest } from "./types";

afterEach(clearMocks);

describe("the Tauri backend", () => {
  it("calls each command by its name with arguments in camelCase", async () => {
    const seen: [string, unknown][] = [];
    mockIPC((command, args) => {
      seen.push([command, args]);
      return null;
    });
    await tauriBackend.appInfo();
    await tauriBackend.connectPractice("user");
    await tauriBackend.disconnect();
    await tauriBackend.resetPractice();
    const request: SignInRequest = { cloud: "global", tenant: null, way: "azureCli", clientId: null, account: null };
    const upload: UploadRequest = {
      clientId: "c",
      appObjectId: "o",
      jobId: "j",
      user: { externalId: "7", userName: "a@b.example", givenName: "A", familyName: "B", active: true },
    };
    const settings: Settings = { clouds: [], clients: [], remembered: [], lockAfterMinutes: 15 };
    await tauriBackend.signIn(request);
    await tauriBackend.cancelSignIn();
    await tauriBackend.copySignInLink();
    await tauriBackend.openSignInPage();
    await tauriBackend.touch();
    await tauriBackend.lockSession();
    await tauriBackend.unlock();
    await tauriBackend.preflight("policy");
    await tauriBackend.activateRole("role", "why", 2);
    await tauriBackend.saveSettings(settings);
    await tauriBackend.testClient("global", "contoso.com", "c");
    await tauriBackend.forgetTenant("global", "t");
    await tauriBackend.saveConsentRequest("r", "json");
    await tauriBackend.copyConsentLink("r");
    await tauriBackend.openConsentLink("r");
    await tauriBackend.checkConsent("r");
    await tauriBackend.openConsentRequest();
    await tauriBackend.planConsent("consent-1");
    await tauriBackend.checkAppName("HR feed");
    await tauriBackend.searchIdentities("csv");
    await tauriBackend.searchPrincipals("hr");
    await tauriBackend.planSetup({ kind: "managedIdentity", objectId: "o", permissions: ["p"], askConsent: false });
    await tauriBackend.planContinue("r");
    await tauriBackend.planUndo("r");
    await tauriBackend.leaveRun("r");
    await tauriBackend.cancelRun("r");
    await tauriBackend.listRuns();
    await tauriBackend.planFix({ kind: "enableSignIn", principal: "o" });
    await tauriBackend.road(true);
    await tauriBackend.prepareUpload(upload);
    await tauriBackend.stopUpload("u");
    await tauriBackend.stopAudit();
    await tauriBackend.holderDetails(["o"]);
    await tauriBackend.credentials();
    await tauriBackend.saveEvidence({ kind: "run", id: "r" }, "csv");
    await tauriBackend.developerPacket("x", null);
    await tauriBackend.planScripts("plan-1");
    await tauriBackend.runScripts("r");
    await tauriBackend.saveSnippet("s");
    await tauriBackend.verify("x", ["p"], true);
    await tauriBackend.copySecret("c", "k");
    await tauriBackend.revealSecret("c", "k", true);
    await tauriBackend.hideSecret();
    await tauriBackend.revealNewSecret("r", false);
    await tauriBackend.copyNewSecret("r");
    await tauriBackend.settleNewSecret("r", true);
    await tauriBackend.copyText("t");
    await tauriBackend.openLink("https://entra.microsoft.com/");
    await tauriBackend.windowReady();
    await tauriBackend.keepOpen();
    await tauriBackend.closeWindow();
    await tauriBackend.reportFault("m");
    expect(seen).toEqual([
      ["app_info", {}],
      ["connect_practice", { persona: "user" }],
      ["disconnect", {}],
      ["reset_practice", {}],
      ["sign_in", { request }],
      ["cancel_sign_in", {}],
      ["copy_sign_in_link", {}],
      ["open_sign_in_page", {}],
      ["touch", {}],
      ["lock_session", {}],
      ["unlock", {}],
      ["preflight", { ask: "policy" }],
      ["activate_role", { roleId: "role", justification: "why", hours: 2 }],
      ["save_settings", { settings }],
      ["test_client", { cloud: "global", tenant: "contoso.com", clientId: "c" }],
      ["forget_tenant", { cloud: "global", tenantId: "t" }],
      ["save_consent_request", { runId: "r", format: "json" }],
      ["copy_consent_link", { runId: "r" }],
      ["open_consent_link", { runId: "r" }],
      ["check_consent", { runId: "r" }],
      ["open_consent_request", {}],
      ["plan_consent", { id: "consent-1" }],
      ["check_app_name", { name: "HR feed" }],
      ["search_identities", { text: "csv" }],
      ["search_principals", { text: "hr" }],
      ["plan_setup", { request: { kind: "managedIdentity", objectId: "o", permissions: ["p"], askConsent: false } }],
      ["plan_continue", { runId: "r" }],
      ["plan_undo", { runId: "r" }],
      ["leave_run", { runId: "r" }],
      ["cancel_run", { runId: "r" }],
      ["list_runs", {}],
      ["plan_fix", { fix: { kind: "enableSignIn", principal: "o" } }],
      ["road", { ask: true }],
      ["prepare_upload", { request: upload }],
      ["stop_upload", { uploadId: "u" }],
      ["stop_audit", {}],
      ["holder_details", { principals: ["o"] }],
      ["credentials", {}],
      ["save_evidence", { subject: { kind: "run", id: "r" }, format: "csv" }],
      ["developer_packet", { principal: "x", jobId: "" }],
      ["plan_scripts", { planId: "plan-1" }],
      ["run_scripts", { runId: "r" }],
      ["save_snippet", { snippetId: "s" }],
      ["verify", { principal: "x", permissions: ["p"], token: true }],
      ["copy_secret", { clientId: "c", keyId: "k" }],
      ["reveal_secret", { clientId: "c", keyId: "k", dark: true }],
      ["hide_secret", {}],
      ["reveal_new_secret", { runId: "r", dark: false }],
      ["copy_new_secret", { runId: "r" }],
      ["settle_new_secret", { runId: "r", taken: true }],
      ["copy_text", { text: "t" }],
      ["open_link", { url: "https://entra.microsoft.com/" }],
      ["window_ready", {}],
      ["keep_open", {}],
      ["close_window", {}],
      ["report_fault", { message: "m" }],
    ]);
  });

  it("passes the events of a run on in order", async () => {
    mockIPC((command, args) => {
      expect(command).toBe("run_plan");
      const { planId, events } = args as { planId: string; events: { onmessage: (event: RunEvent) => void } };
      expect(planId).toBe("plan-1");
      events.onmessage({ kind: "started", run: { ...doneRun, state: "running" } });
      events.onmessage({ kind: "step", runId: doneRun.id, number: 2, state: { kind: "working" } });
      events.onmessage({ kind: "ended", run: doneRun });
      return doneRun;
    });
    const kinds: string[] = [];
    const run = await tauriBackend.runPlan("plan-1", (event) => kinds.push(event.kind));
    expect(kinds).toEqual(["started", "step", "ended"]);
    expect(run).toEqual(doneRun);
  });

  it("passes on what an audit reads while it reads", async () => {
    const rows: AuditNews = { kind: "rows", rows: holders };
    mockIPC((command, args) => {
      expect(command).toBe("audit");
      const { permissions, news } = args as { permissions: string[]; news: { onmessage: (news: AuditNews) => void } };
      expect(permissions).toEqual(["p"]);
      news.onmessage(rows);
      return auditSummary;
    });
    const heard: AuditNews[] = [];
    expect(await tauriBackend.audit(["p"], (news) => heard.push(news))).toEqual(auditSummary);
    expect(heard).toEqual([rows]);
  });

  it("tells when somebody wants to close the window", async () => {
    mockIPC((command, args) => {
      expect(command).toBe("watch_closing");
      (args as { asked: { onmessage: (nothing: null) => void } }).asked.onmessage(null);
      return null;
    });
    let asked = 0;
    await tauriBackend.watchClosing(() => {
      asked += 1;
    });
    expect(asked).toBe(1);
  });

  it("passes the news of the session on", async () => {
    const locked: SessionNews = {
      kind: "locked",
      session: { tenantName: "Contoso", account: "admin@contoso.com", afterMinutes: 15 },
    };
    mockIPC((command, args) => {
      expect(command).toBe("watch_session");
      (args as { news: { onmessage: (news: SessionNews) => void } }).news.onmessage(locked);
      return null;
    });
    const heard: SessionNews[] = [];
    await tauriBackend.watchSession((news) => heard.push(news));
    expect(heard).toEqual([locked]);
  });

  it("rejects with a problem, whether Rust sent an object or a string", async () => {
    mockIPC((command) => {
      throw command === "list_runs" ? { code: "localFile", message: "The journal cannot be read." } : "not allowed";
    });
    await expect(tauriBackend.listRuns()).rejects.toMatchObject({ code: "localFile", fields: [] });
    await expect(tauriBackend.hideSecret()).rejects.toMatchObject({ code: "internal" });
  });
});
