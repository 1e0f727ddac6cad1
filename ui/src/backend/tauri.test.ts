import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";
import { afterEach, describe, expect, it } from "vitest";
import { doneRun } from "../testing/runFixtures";
import { tauriBackend } from "./tauri";
import type { RunEvent } from "./types";

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
    await tauriBackend.checkAppName("HR feed");
    await tauriBackend.searchIdentities("csv");
    await tauriBackend.searchPrincipals("hr");
    await tauriBackend.planSetup({ kind: "managedIdentity", objectId: "o", permissions: ["p"] });
    await tauriBackend.cancelRun("r");
    await tauriBackend.listRuns();
    await tauriBackend.verify("x", ["p"], true);
    await tauriBackend.copySecret("c", "k");
    await tauriBackend.revealSecret("c", "k", true);
    await tauriBackend.hideSecret();
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
      ["check_app_name", { name: "HR feed" }],
      ["search_identities", { text: "csv" }],
      ["search_principals", { text: "hr" }],
      ["plan_setup", { request: { kind: "managedIdentity", objectId: "o", permissions: ["p"] } }],
      ["cancel_run", { runId: "r" }],
      ["list_runs", {}],
      ["verify", { principal: "x", permissions: ["p"], token: true }],
      ["copy_secret", { clientId: "c", keyId: "k" }],
      ["reveal_secret", { clientId: "c", keyId: "k", dark: true }],
      ["hide_secret", {}],
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

  it("rejects with a problem, whether Rust sent an object or a string", async () => {
    mockIPC((command) => {
      throw command === "list_runs" ? { code: "localFile", message: "The journal cannot be read." } : "not allowed";
    });
    await expect(tauriBackend.listRuns()).rejects.toMatchObject({ code: "localFile", fields: [] });
    await expect(tauriBackend.hideSecret()).rejects.toMatchObject({ code: "internal" });
  });
});
