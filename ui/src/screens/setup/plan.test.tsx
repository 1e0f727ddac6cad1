import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../backend/backend";
import type { PlanView } from "../../backend/types";
import { app, problem, TENANT } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { failedRun, plan, runWith } from "../../testing/runFixtures";
import { runByHand } from "../../testing/scripted";

async function planned(answers: Partial<Backend> = {}) {
  const opened = open("/setup/app", answers);
  await opened.user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "HR feed");
  await opened.user.click(screen.getByRole("button", { name: "See the plan" }));
  await heading(/changes?$/);
  return opened;
}

async function running(answers: Partial<Backend> = {}) {
  const run = runByHand();
  const opened = await planned({ runPlan: run.runPlan, ...answers });
  await opened.user.click(screen.getByRole("button", { name: "Make these 5 changes" }));
  await heading("Making 5 changes");
  act(() =>
    run.send({
      kind: "started",
      run: runWith(Object.fromEntries(plan.steps.map(({ number }) => [number, { kind: "waiting" as const }])), {
        state: "running",
        ended: null,
        made: [],
      }),
    }),
  );
  return { ...opened, run };
}

const steps = (name: string) => within(screen.getByRole("list", { name })).getAllByRole("listitem");

describe("the plan", () => {
  it("says what, where and for whom, step by step, before anything is changed", async () => {
    const { backend } = await planned();
    expect(screen.getByRole("main")).toHaveTextContent(
      `in Brightwater Foods (3f2a8c1e…709c${TENANT}), for the app "HR feed"`,
    );
    const rows = steps("Steps of the plan");
    expect(rows).toHaveLength(6);
    expect(rows[0]).toHaveTextContent("will check");
    expect(rows[1]).toHaveTextContent('Register the app "HR feed"');
    expect(rows[1]).toHaveTextContent("will create");
    expect(rows[3]).toHaveTextContent("SynchronizationData-User.Upload");
    expect(rows[3]).toHaveTextContent("will grant");
    expect(rows[3]).toHaveTextContent("see the warning");
    expect(screen.getByText(/Steps 4 and 5: You are Application Administrator/)).toBeVisible();
    expect(backend.callsOf("runPlan")).toHaveLength(0);
    await expectNoViolations();
  });

  it("opens the exact request of a step, to read and to copy", async () => {
    const { backend, user } = await planned();
    const opener = screen.getByRole("button", { name: "Show the request of step 2" });
    expect(opener).toHaveAttribute("aria-expanded", "false");
    await user.click(opener);
    expect(opener).toHaveAttribute("aria-expanded", "true");
    const step = steps("Steps of the plan")[1] as HTMLElement;
    expect(step).toHaveTextContent(
      "PATCH https://graph.microsoft.com/v1.0/applications(uniqueName='inbound-access-hr-feed')",
    );
    expect(step).toHaveTextContent("Prefer: create-if-missing");
    await expectNoViolations();
    await user.click(within(step).getByRole("button", { name: "Copy request" }));
    expect(backend.callsOf("copyText")[0]?.[0]).toContain('"displayName": "HR feed"');
    expect(screen.queryByRole("button", { name: "Show the request of step 1" })).toBeNull();
  });

  it("makes the plan anew with the narrower permission", async () => {
    const { backend, user } = await planned();
    const row = steps("Steps of the plan")[4] as HTMLElement;
    expect(row).toHaveTextContent("A narrower permission would do: ProvisioningLog.Read.All");
    await user.click(within(row).getByRole("button", { name: "Use ProvisioningLog.Read.All" }));
    await waitFor(() => expect(backend.callsOf("planSetup")).toHaveLength(2));
    expect(backend.callsOf("planSetup")[1]?.[0]).toMatchObject({
      permissions: ["SynchronizationData-User.Upload", "ProvisioningLog.Read.All"],
    });
  });

  it("greys what is so already, with a tick and a word", async () => {
    await planned({
      planSetup: async () => ({
        ...plan,
        changes: 4,
        steps: plan.steps.map((step) =>
          step.number === 2 ? { ...step, effect: "alreadySo", note: "client id 7d1c", requests: [] } : step,
        ),
      }),
    });
    await heading("Four changes");
    expect(steps("Steps of the plan")[1]).toHaveTextContent("already so");
    expect(screen.getByRole("button", { name: "Make these 4 changes" })).toBeEnabled();
  });

  it("says it in the singular when it is one", async () => {
    await planned({ planSetup: async () => ({ ...plan, changes: 1, steps: plan.steps.slice(0, 2) }) });
    await heading("One change");
    expect(screen.getByRole("button", { name: "Make this change" })).toBeEnabled();
  });

  it("is where Set up leads back to, until it is done", async () => {
    const { user } = await planned();
    await user.click(screen.getByRole("link", { name: "Verify" }));
    await heading("Verify");
    await user.click(screen.getByRole("link", { name: "Set up" }));
    await heading("Five changes");
    await user.click(screen.getByRole("button", { name: "Change the request" }));
    expect(await screen.findByRole("textbox", { name: /Name of the app/ })).toHaveValue("HR feed");
  });

  it("is not offered any more once the form says something else", async () => {
    const { backend, user } = await planned();
    await user.click(screen.getByRole("button", { name: "Change the request" }));
    await user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), " 2");
    await user.click(screen.getByRole("link", { name: "Set up" }));
    await heading("Set up access");
    await user.click(screen.getByRole("link", { name: /A program outside Azure/ }));
    await user.click(await screen.findByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    expect(backend.callsOf("planSetup").at(-1)?.[0]).toMatchObject({ name: "HR feed 2" });
  });

  it("does not pass for that of a form that was changed meanwhile", async () => {
    let answer: (made: PlanView) => void = () => undefined;
    const { user } = open("/setup/app", {
      planSetup: () =>
        new Promise<PlanView>((resolve) => {
          answer = resolve;
        }),
    });
    const name = await screen.findByRole("textbox", { name: /Name of the app/ });
    await user.type(name, "HR feed");
    const button = screen.getByRole("button", { name: "See the plan" });
    await user.click(button);
    await waitFor(() => expect(button).toHaveAttribute("aria-disabled", "true"));
    expect(button).toHaveFocus();
    await user.type(name, " 2");
    await act(async () => answer(plan));
    expect(await screen.findByRole("alert")).toHaveTextContent("The form was changed while its plan was being made.");
    await heading("A program outside Azure");
    await expectNoViolations();
  });

  it("tells a plan that grew old and reads the tenant again", async () => {
    const { backend, user } = await planned({
      runPlan: async () => {
        throw problem({ code: "stale", message: "The tenant has changed since this plan was made.", advice: null });
      },
    });
    await user.click(screen.getByRole("button", { name: "Make these 5 changes" }));
    await heading("Not everything was done");
    expect(screen.getByRole("alert")).toHaveTextContent("The tenant has changed since this plan was made.");
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "See what is left to do" }));
    await heading("Five changes");
    expect(backend.callsOf("planSetup")).toHaveLength(2);
  });
});

describe("a run", () => {
  it("comes alive step by step, and says each turn once", async () => {
    const { run } = await running();
    const id = runWith({}).id;
    expect(steps("Steps of the run")[0]).toHaveTextContent("waiting");
    act(() => run.send({ kind: "step", runId: id, number: 2, state: { kind: "working" } }));
    expect(steps("Steps of the run")[1]).toHaveTextContent("working");
    expect(screen.getByRole("status")).toHaveTextContent('Step 2, Register the app "HR feed": working');
    act(() => run.send({ kind: "step", runId: id, number: 2, state: { kind: "catchingUp", attempt: 3, seconds: 12 } }));
    expect(steps("Steps of the run")[1]).toHaveTextContent("waiting for Entra to catch up (try 3, 12 s)");
    const said = screen.getByRole("status").textContent;
    act(() => run.send({ kind: "step", runId: id, number: 2, state: { kind: "catchingUp", attempt: 4, seconds: 20 } }));
    expect(screen.getByRole("status").textContent).toBe(said);
    act(() => run.send({ kind: "step", runId: id, number: 3, state: { kind: "throttled", seconds: 8 } }));
    expect(steps("Steps of the run")[2]).toHaveTextContent("Entra asked to wait 8 s");
    act(() => run.send({ kind: "step", runId: "another", number: 4, state: { kind: "working" } }));
    expect(steps("Steps of the run")[3]).toHaveTextContent("waiting");
    act(() => run.send({ kind: "step", runId: id, number: 1, state: { kind: "done", note: null, requestId: null } }));
    expect(screen.getByText(/1 of 6 done/)).toBeVisible();
    expect(screen.getByRole("progressbar", { name: "Making 5 changes" })).toHaveAttribute("aria-valuenow", "1");
    await expectNoViolations();
  });

  it("goes on while another page is shown", async () => {
    const { run, user } = await running();
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    act(() => run.send({ kind: "step", runId: runWith({}).id, number: 2, state: { kind: "working" } }));
    await user.click(screen.getByRole("link", { name: "Set up, changes are being made" }));
    await heading("Making 5 changes");
    expect(steps("Steps of the run")[1]).toHaveTextContent("working");
  });

  it("tells its end on whichever page is shown, until one has looked", async () => {
    const { run, user } = await running();
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    await act(async () => run.end(failedRun));
    await waitFor(() =>
      expect(screen.getByRole("status")).toHaveTextContent("The run has ended. The app is registered"),
    );
    const link = screen.getByRole("link", { name: "Set up, Run ended: Failed" });
    expect(link).toHaveTextContent("Run ended: Failed");
    await expectNoViolations();
    await user.click(link);
    await heading("Not everything was done");
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    expect(screen.getByRole("link", { name: "Set up" })).toBeVisible();
  });

  it("is not started a second time by going back", async () => {
    const { backend, user } = await running();
    await user.click(screen.getByRole("link", { name: "Verify" }));
    await user.click(await screen.findByRole("link", { name: "Set up, changes are being made" }));
    await heading("Making 5 changes");
    expect(backend.callsOf("runPlan")).toEqual([["plan-1", expect.any(Function)]]);
  });

  it("can be cancelled; after it, what exists is listed", async () => {
    const { backend, run, user } = await running();
    const button = screen.getByRole("button", { name: "Cancel the run" });
    await user.click(button);
    expect(backend.callsOf("cancelRun")).toEqual([[runWith({}).id]]);
    expect(screen.getAllByText("Stopping after the request that is on its way…")).toHaveLength(2);
    expect(screen.getByRole("status")).toHaveTextContent("Stopping after the request that is on its way…");
    expect(button).toHaveFocus();
    expect(button).toHaveAttribute("aria-disabled", "true");
    await act(async () =>
      run.end(
        runWith(
          { 4: { kind: "notDone", reason: "Cancelled." }, 5: { kind: "notDone", reason: "Cancelled." } },
          { state: "cancelled", summary: "The app is registered. Nothing was granted." },
        ),
      ),
    );
    const title = await heading("The run was cancelled");
    await waitFor(() => expect(title).toHaveFocus());
    expect(screen.getByText("The app is registered. Nothing was granted.")).toBeVisible();
    expect(screen.getByText(/^Service principal$/)).toBeVisible();
    expect(steps("Steps of the run")[3]).toHaveTextContent("not done");
    await expectNoViolations();
  });

  it("can be cancelled before its first word has come", async () => {
    const run = runByHand();
    const { backend, user } = await planned({ runPlan: run.runPlan });
    await user.click(screen.getByRole("button", { name: "Make these 5 changes" }));
    await user.click(await screen.findByRole("button", { name: "Cancel the run" }));
    expect(backend.callsOf("cancelRun")).toHaveLength(0);
    act(() => run.send({ kind: "started", run: runWith({}, { state: "running", ended: null }) }));
    await waitFor(() => expect(backend.callsOf("cancelRun")).toHaveLength(1));
  });

  it("says when it could not be cancelled, and goes on", async () => {
    const { user } = await running({
      cancelRun: async () => {
        throw problem({ code: "internal", message: "The run could not be reached." });
      },
    });
    await user.click(screen.getByRole("button", { name: "Cancel the run" }));
    expect(await screen.findByText("The run could not be reached.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Cancel the run" })).toBeEnabled();
  });
});

describe("a run that failed", () => {
  it("tells what happened, what exists now and what one can do, and lets the other steps' truth stand", async () => {
    const { backend, user } = await planned({ runPlan: async () => failedRun });
    await user.click(screen.getByRole("button", { name: "Make these 5 changes" }));
    await heading("Not everything was done");
    const alert = screen.getByRole("alert");
    expect(alert).toHaveTextContent("Entra refused to let it upload users: your roles do not allow it.");
    expect(alert).toHaveTextContent("What exists nowThe app registration and its service principal exist.");
    expect(alert).toHaveTextContent("What you can doAsk a Privileged Role Administrator to run this again");
    const rows = steps("Steps of the run");
    expect(rows[1]).toHaveTextContent("done");
    expect(rows[3]).toHaveTextContent("failed");
    expect(rows[4]).toHaveTextContent("not done");
    expect(screen.getByText(/Service principal/, { selector: "li > span" })).toBeVisible();
    await expectNoViolations();

    await user.click(within(alert).getByText("Details for support"));
    expect(alert).toHaveTextContent("Authorization_RequestDenied");
    expect(alert).toHaveTextContent("11aa22bb-33cc-44dd-85ee-66ff77aa88bb");
    await user.click(within(alert).getByRole("button", { name: "Copy details" }));
    const copied = backend.callsOf("copyText")[0]?.[0] as string;
    expect(copied).toContain("Entra refused to let it upload users");
    expect(copied).toContain("Client request ID: 99ff88ee-77dd-46cc-85bb-44aa33221100");
    expect(copied).toContain("HTTP status: 403");
  });

  it("can be continued from where it stopped, undone, or left", async () => {
    const left = { ...failedRun, left: "2026-11-24T12:00:00Z", ways: { ...failedRun.ways, canLeave: false } };
    const { backend, user } = await planned({ runPlan: async () => failedRun, leaveRun: async () => left });
    await user.click(screen.getByRole("button", { name: "Make these 5 changes" }));
    await heading("Not everything was done");
    expect(screen.getByRole("button", { name: "Undo" })).toBeEnabled();
    expect(screen.getByRole("button", { name: "Change the request" })).toBeEnabled();
    await user.click(screen.getByRole("button", { name: "Leave it" }));
    expect(await screen.findByText("It was left as it is and is not asked about.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Leave it" })).toBeNull();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await heading("Continue: three changes");
    expect(backend.callsOf("planContinue")).toEqual([[failedRun.id]]);
    expect(backend.callsOf("planSetup")).toHaveLength(1);
  });

  it("goes on with the app that it made, not with one more, when another was asked for", async () => {
    const taken = { problem: null, takenBy: [app], ours: null };
    const { backend, user } = open("/setup/app", {
      // As a run ends whose file cannot be read again.
      runPlan: async () => ({ ...failedRun, ways: { canContinue: false, canUndo: false, canLeave: false } }),
      checkAppName: async () => taken,
    });
    await user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "HR feed");
    await user.click(await screen.findByRole("radio", { name: /Make another/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
    await user.click(await screen.findByRole("button", { name: "See what is left to do" }));
    await heading("Five changes");
    expect(backend.callsOf("planSetup").map(([request]) => (request as { app: unknown }).app)).toEqual([
      { kind: "another" },
      { kind: "existing", clientId: app.clientId },
    ]);
  });
});
