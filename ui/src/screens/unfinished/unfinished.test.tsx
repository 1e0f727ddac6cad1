import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../backend/backend";
import type { RunView } from "../../backend/types";
import { problem, TENANT } from "../../testing/fixtures";
import { expectNoViolations, heading, open, tabTo } from "../../testing/open";
import {
  continuePlan,
  doneRun,
  failedRun,
  journal,
  made,
  nothingToUndo,
  oldRun,
  undonePlanSteps,
  undoneRun,
  undoPlan,
} from "../../testing/runFixtures";
import { runByHand } from "../../testing/scripted";

const debt = { description: "HR feed until May 2027 (run 20261124)", keyId: "5ec4e700", clientId: "7d1c" };
const interrupted: RunView = { ...failedRun, id: "interrupted", state: "interrupted", started: "2026-11-20T16:00:00Z" };

function home(runs: RunView[], answers: Partial<Backend> = {}) {
  return open("/", { listRuns: journal(runs), ...answers });
}

/** The part of Home that tells of what is not finished. */
async function notice(): Promise<HTMLElement> {
  const title = await screen.findByRole("heading", { name: "A run is not finished" });
  return title.closest("section") as HTMLElement;
}

const steps = (name: string) => within(screen.getByRole("list", { name })).getAllByRole("listitem");

describe("what is not finished, on the first page", () => {
  it("tells what it was for, when, what exists and what is owed, and what one can do", async () => {
    const { user } = home([{ ...failedRun, debts: [debt] }]);
    const told = await notice();
    expect(told).toHaveTextContent(/FailedFor the app "HR feed" · Nov 24, 2026, 10:40 AM · by imogen/);
    await user.click(within(told).getByText("See what exists because of it"));
    expect(within(told).getByText(/^Service principal/)).toBeVisible();
    expect(told).toHaveTextContent("A secret of this run may exist in Entra and nobody has its value:");
    expect(told).toHaveTextContent(debt.description);
    expect(told).toHaveTextContent("not asked about any more. It can still be continued from Activity.");
    for (const name of ["Continue", "Undo", "Leave it"]) {
      expect(within(told).getByRole("button", { name })).toBeEnabled();
    }
    await expectNoViolations();
  });

  it("shows the newest of several, and leads to the others", async () => {
    const { user } = home([failedRun, interrupted, { ...interrupted, id: "third" }]);
    const told = await notice();
    expect(within(told).getAllByRole("button", { name: "Continue" })).toHaveLength(1);
    expect(told).toHaveTextContent("2 more runs are not finished.");
    await user.click(within(told).getByRole("button", { name: "See them in Activity" }));
    await heading("Activity");
  });

  it.each<[string, RunView[]]>([
    ["nothing was begun", []],
    ["all came to their end", [doneRun, undoneRun]],
    ["it was left as it is", [{ ...failedRun, left: "2026-11-24T12:00:00Z" }]],
    ["it is of another tenant", [{ ...failedRun, tenantId: "elsewhere" }]],
    ["it is of another cloud", [{ ...failedRun, cloud: "Global" }]],
    ["an earlier version kept it", [oldRun]],
    [
      "it made nothing, and the same was done since",
      [
        { ...doneRun, id: "later", started: "2026-11-24T11:00:00Z" },
        { ...failedRun, made: [] },
      ],
    ],
  ])("is not told of when %s", async (_, runs) => {
    const { backend } = home(runs);
    await heading(/^Connected/);
    await waitFor(() => expect(backend.callsOf("listRuns")).toHaveLength(1));
    await screen.findByText("You can do the whole job.", { selector: "p *" });
    expect(screen.queryByText("A run is not finished")).toBeNull();
  });

  it("is told of although the same was done since, when it made something or owes something", async () => {
    const later = { ...doneRun, id: "later", started: "2026-11-24T11:00:00Z" };
    const first = home([later, failedRun]);
    await notice();
    first.unmount();
    home([later, { ...failedRun, made: [], debts: [debt] }]);
    await notice();
  });

  it("keeps the page whole when the journal cannot be read", async () => {
    home([], {
      listRuns: async () => {
        throw problem({ code: "localFile", message: "The journal cannot be read." });
      },
    });
    await screen.findByText("You can do the whole job.", { selector: "p *" });
    expect(screen.queryByText("A run is not finished")).toBeNull();
  });

  it("is left as it is at one press, and says so", async () => {
    const left = { ...failedRun, left: "2026-11-24T12:00:00Z" };
    const { backend, user } = home([failedRun], { leaveRun: async () => left });
    await user.click(within(await notice()).getByRole("button", { name: "Leave it" }));
    const told = await screen.findByText(/is left as it is/, { selector: ".fui-MessageBar *" });
    await waitFor(() => expect(told).toHaveFocus());
    expect(told).toHaveTextContent('The run for the app "HR feed" is left as it is. It can still be continued');
    expect(screen.getByRole("status")).toHaveTextContent("is left as it is");
    expect(backend.callsOf("leaveRun")).toEqual([[failedRun.id]]);
    expect(screen.queryByText("A run is not finished")).toBeNull();
    await expectNoViolations();
  });

  it("says why it could not be left", async () => {
    const { user } = home([failedRun], {
      leaveRun: async () => {
        throw problem({ code: "localFile", message: "The run's file cannot be written." });
      },
    });
    await user.click(within(await notice()).getByRole("button", { name: "Leave it" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The run's file cannot be written.");
    expect(await notice()).toBeVisible();
  });

  it("can be continued with the keyboard alone", async () => {
    const { backend, user } = home([failedRun]);
    await tabTo(user, within(await notice()).getByRole("button", { name: "Continue" }));
    await user.keyboard("{Enter}");
    await heading("Continue: three changes");
    expect(backend.callsOf("planContinue")).toEqual([[failedRun.id]]);
  });
});

describe("continuing", () => {
  async function planned(answers: Partial<Backend> = {}) {
    const opened = home([failedRun], answers);
    await opened.user.click(within(await notice()).getByRole("button", { name: "Continue" }));
    return opened;
  }

  it("shows the plan of the rest, runs it, and ends in the hand-over", async () => {
    const run = runByHand();
    const { backend, user } = await planned({ runPlan: run.runPlan });
    await heading("Continue: three changes");
    expect(steps("Steps of the plan")[1]).toHaveTextContent("already so");
    // The request is that of the run: nothing of it can be changed here.
    expect(screen.queryByRole("button", { name: /^Use ProvisioningLog/ })).toBeNull();
    expect(screen.queryByRole("button", { name: "Change the request" })).toBeNull();
    expect(screen.getByRole("button", { name: "Back to the run" })).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Make these 3 changes" }));
    await heading("Making 3 changes");
    expect(backend.callsOf("runPlan")[0]?.[0]).toBe(continuePlan.id);
    await act(async () => run.end({ ...doneRun, doing: "continue" }));
    await heading("HR feed is set up");
  });

  it("reads the tenant again for the same run", async () => {
    const { backend, user } = await planned();
    await user.click(await screen.findByRole("button", { name: "Read the tenant again" }));
    await waitFor(() => expect(backend.callsOf("planContinue")).toEqual([[failedRun.id], [failedRun.id]]));
    expect(backend.callsOf("planSetup")).toHaveLength(0);
  });

  it("finishes a run of which nothing is left to do", async () => {
    const { backend, user } = await planned({
      planContinue: async () => ({
        ...continuePlan,
        changes: 0,
        steps: continuePlan.steps.slice(1).map((step) => ({ ...step, effect: "alreadySo", requests: [] })),
      }),
    });
    await heading("Continue: nothing to change");
    expect(screen.getByText(/Finishing the run changes nothing there/)).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Finish the run" }));
    await heading("HR feed is set up");
    expect(backend.callsOf("runPlan")).toHaveLength(1);
  });

  it("says why there is no plan, where the button was pressed", async () => {
    await planned({
      planContinue: async () => {
        throw problem({ code: "busy", message: "The run is still going on." });
      },
    });
    expect(await screen.findByRole("alert")).toHaveTextContent("The run is still going on.");
    await expectNoViolations();
  });

  it("can be tried once more when it failed again", async () => {
    const { backend, user } = await planned({ runPlan: async () => ({ ...failedRun, doing: "continue" }) });
    await user.click(await screen.findByRole("button", { name: "Make these 3 changes" }));
    await heading("Not everything was done");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await heading("Continue: three changes");
    expect(backend.callsOf("planContinue")).toHaveLength(2);
  });

  it("leads back to the run when it could not be begun", async () => {
    const { user } = await planned({
      runPlan: async () => {
        throw problem({ code: "stale", message: "The tenant has changed since this plan was made." });
      },
    });
    await user.click(await screen.findByRole("button", { name: "Make these 3 changes" }));
    await heading("Not everything was done");
    await user.click(screen.getByRole("button", { name: "See what is left to do" }));
    await heading("Continue: three changes");
    await user.click(screen.getByRole("button", { name: "Back to the run" }));
    await heading('the app "HR feed"');
  });
});

describe("undoing", () => {
  async function planned(answers: Partial<Backend> = {}) {
    const opened = home([failedRun], answers);
    await opened.user.click(within(await notice()).getByRole("button", { name: "Undo" }));
    return opened;
  }

  it("shows exactly what will be removed, where, what stays and why, before anything is removed", async () => {
    const { backend, user } = await planned();
    await heading("Undo: three things to remove");
    expect(backend.callsOf("planUndo")).toEqual([[failedRun.id]]);
    const rows = steps("Steps of the plan");
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(row).toHaveTextContent("will remove");
    }
    expect(rows[2]).toHaveTextContent("both can be restored in Entra for 30 days");
    await user.click(screen.getByRole("button", { name: "Show the request of step 1" }));
    expect(rows[0]).toHaveTextContent("DELETE https://graph.microsoft.com/v1.0/servicePrincipals");
    const kept = screen.getByRole("heading", { name: "What stays, and why" }).closest("section");
    expect(kept).toHaveTextContent("Grant of AuditLog.Read.All");
    expect(kept).toHaveTextContent("Another run lists it too.");
    expect(screen.getByRole("main")).toHaveTextContent(
      `This removes 3 things from Brightwater Foods (3f2a8c1e…709c${TENANT}). No other app`,
    );
    expect(screen.getByText(/A grant or a secret that is removed cannot be restored/)).toBeVisible();
    expect(backend.callsOf("runPlan")).toHaveLength(0);
    await expectNoViolations();
  });

  it("removes it, and then lists what is gone, until when it can be restored, and what stays", async () => {
    const run = runByHand();
    const { backend, user } = await planned({ runPlan: run.runPlan });
    await user.click(await screen.findByRole("button", { name: "Remove these 3 things" }));
    await heading("Removing 3 things");
    expect(backend.callsOf("runPlan")[0]?.[0]).toBe(undoPlan.id);
    await expectNoViolations();
    await act(async () => run.end(undoneRun));
    const title = await heading("The run was undone");
    await waitFor(() => expect(title).toHaveFocus());
    expect(screen.getByText(/was taken back/, { selector: "p *" })).toBeVisible();
    const gone = screen.getByRole("heading", { name: "What was removed" }).closest("section") as HTMLElement;
    expect(within(gone).getAllByRole("listitem")).toHaveLength(3);
    expect(gone).toHaveTextContent("removed Nov 24, 2026; can be restored in Entra until Dec 24, 2026");
    expect(screen.getByText("Another run lists it too.")).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Set up another" }));
    await heading("Set up access");
  });

  it("says in the singular when it is one", async () => {
    await planned({ planUndo: async () => ({ ...undoPlan, changes: 1, steps: undoPlan.steps.slice(2) }) });
    await heading("Undo: one thing to remove");
    expect(screen.getByRole("button", { name: "Remove this thing" })).toBeEnabled();
    expect(screen.getByText(/can be restored in Entra for 30 days where its step says so/)).toBeVisible();
    expect(screen.queryByText(/cannot be restored/)).toBeNull();
  });

  it("says so when all is gone already, and notes it as undone", async () => {
    const run = runByHand();
    const { user } = await planned({ planUndo: async () => nothingToUndo, runPlan: run.runPlan });
    await heading("Undo: nothing to remove");
    expect(screen.getByText(/Nothing that this run made is left to remove in/)).toBeVisible();
    expect(screen.getByText(/It is gone already/)).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Remove/ })).toBeNull();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Note it as undone" }));
    await heading("Finishing the run");
    await act(async () => run.end(undoneRun));
    await heading("The run was undone");
  });

  it("says so when all that is left stays, and leads back", async () => {
    const { user } = await planned({ planUndo: async () => ({ ...nothingToUndo, kept: undoPlan.kept }) });
    await heading("Undo: nothing to remove");
    expect(screen.getByText("What is still there stays for the reasons below.")).toBeVisible();
    expect(screen.getByText("Another run lists it too.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Note it as undone" })).toBeNull();
    await expectNoViolations();
    await user.click(screen.getAllByRole("button", { name: "Back to the run" })[1] as HTMLElement);
    await heading('the app "HR feed"');
  });

  it("tells which step was refused, what stands, and undoes the rest", async () => {
    const refused: RunView = {
      ...undoneRun,
      state: "failed",
      summary: "One step failed.",
      steps: undonePlanSteps({ 3: { kind: "failed", problem: problem({ message: "Entra refused to delete it." }) } }),
      made,
      ways: { canContinue: false, canUndo: true, canLeave: true },
    };
    const { backend, user } = await planned({ runPlan: async () => refused });
    await user.click(await screen.findByRole("button", { name: "Remove these 3 things" }));
    await heading("Not everything was removed");
    expect(screen.getByRole("alert")).toHaveTextContent("Entra refused to delete it.");
    expect(screen.getByText(/It can still be undone from Activity/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Continue" })).toBeNull();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Undo the rest" }));
    await heading("Undo: three things to remove");
    expect(backend.callsOf("planUndo")).toHaveLength(2);
  });

  it("is offered quietly after a run that ended well", async () => {
    const { backend, user } = open("/setup/identity");
    await user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
    await heading("HR feed is set up");
    await user.click(screen.getByRole("button", { name: "Undo this run" }));
    await heading("Undo: three things to remove");
    expect(backend.callsOf("planUndo")).toEqual([[doneRun.id]]);
  });
});

describe("while another run goes on", () => {
  it("neither continues nor undoes, and says why", async () => {
    const run = runByHand();
    const { backend, user } = home([failedRun], { runPlan: run.runPlan });
    await user.click(within(await notice()).getByRole("button", { name: "Continue" }));
    await user.click(await screen.findByRole("button", { name: "Make these 3 changes" }));
    await heading("Making 3 changes");
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await user.click(await screen.findByRole("link", { name: /HR feed/ }));
    await screen.findByText("Another run goes on. Wait for its end.");
    const button = screen.getByRole("button", { name: "Undo" });
    expect(button).toHaveAttribute("aria-disabled", "true");
    await user.click(button);
    expect(backend.callsOf("planUndo")).toHaveLength(0);
  });
});
