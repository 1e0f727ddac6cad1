import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../backend/backend";
import { problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { doneRun, failedRun, journal, oldRun, runWith, shownRun, undoneRun } from "../../testing/runFixtures";
import { runByHand } from "../../testing/scripted";

const runs = [
  doneRun,
  { ...failedRun, id: "failed" },
  runWith({}, { id: "cancelled", state: "cancelled", made: [] }),
  runWith({}, { id: "interrupted", state: "interrupted", ended: null }),
  runWith({ 3: { kind: "working" } }, { id: "running", state: "running", ended: null }),
];

describe("Activity", () => {
  it("lists the runs, newest first, each with its result in words", async () => {
    open("/activity", { listRuns: journal(runs) });
    const rows = within(await screen.findByRole("table", { name: "Runs, newest first" }))
      .getAllByRole("row")
      .slice(1);
    const words = ["Done", "Failed", "Cancelled", "Interrupted", "Running"];
    expect(rows).toHaveLength(words.length);
    rows.forEach((row, index) => {
      expect(row).toHaveTextContent('the app "HR feed"');
      expect(row).toHaveTextContent(words[index] as string);
    });
    expect(rows[0]).toHaveTextContent("2 objects");
    expect(rows[2]).toHaveTextContent("nothing");
    await expectNoViolations();
  });

  it("opens a run: steps with their request ids, what it made, its problem", async () => {
    const { user } = open("/activity", { listRuns: journal(runs) });
    const rows = within(await screen.findByRole("table")).getAllByRole("row");
    await user.click(within(rows[2] as HTMLElement).getByRole("link"));
    const title = await heading('the app "HR feed"');
    await waitFor(() => expect(title).toHaveFocus());
    expect(screen.getByText("Failed")).toBeVisible();
    const steps = within(screen.getByRole("list", { name: "Steps of the run" })).getAllByRole("listitem");
    expect(steps[1]).toHaveTextContent("Request ID");
    expect(steps[3]).toHaveTextContent("Entra refused to let it upload users");
    expect(screen.getByRole("button", { name: "Copy Service principal, object id" })).toBeVisible();
    expect(screen.queryByText("What the API developer needs")).toBeNull();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "All activity" }));
    await heading("Activity");
  });

  it("follows a run that goes on, and cancels one of this process", async () => {
    const run = runByHand();
    const now = runWith({ 3: { kind: "working" } }, { state: "running", ended: null });
    let listed = [now];
    const { backend, user } = open("/setup/identity", {
      runPlan: run.runPlan,
      listRuns: () => journal(listed)(),
    });
    await user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
    act(() => run.send({ kind: "started", run: now }));
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await user.click(await screen.findByRole("link", { name: /HR feed/ }));
    const button = await screen.findByRole("button", { name: "Cancel the run" });
    await expectNoViolations();
    await user.click(button);
    expect(backend.callsOf("cancelRun")).toEqual([[now.id]]);
    expect(button).toHaveFocus();
    listed = [{ ...now, state: "cancelled", summary: "It was cancelled." }];
    expect(await screen.findByText("It was cancelled.", undefined, { timeout: 4000 })).toBeVisible();
  });

  it("cancels a run of this process that the page did not start, as after a reload", async () => {
    const { backend, user } = open("/activity/running", { listRuns: journal(runs, [], ["running"]) });
    const button = await screen.findByRole("button", { name: "Cancel the run" });
    await user.click(button);
    expect(backend.callsOf("cancelRun")).toEqual([["running"]]);
    expect(button).toHaveFocus();
    expect(button).toHaveAttribute("aria-disabled", "true");
    await expectNoViolations();
  });

  it("says why such a run could not be cancelled", async () => {
    const { user } = open("/activity/running", {
      listRuns: journal(runs, [], ["running"]),
      cancelRun: async () => {
        throw problem({ code: "internal", message: "The run could not be reached." });
      },
    });
    await user.click(await screen.findByRole("button", { name: "Cancel the run" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The run could not be reached.");
    expect(screen.getByRole("button", { name: "Cancel the run" })).toBeEnabled();
  });

  it("offers no cancelling of a run that goes on elsewhere", async () => {
    open("/activity/running", { listRuns: journal(runs) });
    await heading('the app "HR feed"');
    expect(screen.queryByRole("button", { name: "Cancel the run" })).toBeNull();
  });

  it("tells of each run that cannot be read, and does not say that there was none", async () => {
    const damaged = problem({
      code: "localFile",
      message: "The run's file /data/runs/a.json is damaged.",
      exists: "It was left as it is.",
      advice: "Delete the file if you do not need it.",
    });
    open("/activity", { listRuns: journal([], [damaged]) });
    const warnings = await screen.findByRole("region", { name: "A run cannot be shown" });
    expect(warnings).toHaveTextContent("a.json is damaged. It was left as it is. Delete the file");
    expect(screen.getByText("No run can be read here.")).toBeVisible();
    expect(screen.queryByText(/Nothing has been changed/)).toBeNull();
    await expectNoViolations();
  });

  it("hands over again from a run that ended well", async () => {
    const { backend, user } = open(`/activity/${doneRun.id}`, { listRuns: journal(runs) });
    await user.click(await screen.findByRole("button", { name: "Copy secret" }));
    expect(backend.callsOf("copySecret")).toHaveLength(1);
    await expectNoViolations();
  });

  it("keeps the secret's buttons for the tenant that it belongs to", async () => {
    open("/activity/other", {
      listRuns: journal([{ ...doneRun, id: "other", tenantId: "another", tenantName: "Fabrikam" }]),
    });
    expect(await screen.findByText(/again to copy or reveal the secret/)).toHaveTextContent(
      "Sign in to Fabrikam again",
    );
    expect(screen.queryByRole("button", { name: "Reveal secret" })).toBeNull();
  });

  it("says what will be here, and how to begin, when there is nothing", async () => {
    const { user } = open("/activity");
    expect(await screen.findByText("Nothing has been changed from here yet.")).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Set up access" }));
    await heading("Set up access");
  });

  it("shows a skeleton while it reads, and the problem when the journal cannot be read", async () => {
    let refuse: (thrown: unknown) => void = () => undefined;
    open("/activity", {
      listRuns: () =>
        new Promise<never>((_, reject) => {
          refuse = reject;
        }),
    });
    await heading("Activity");
    expect(screen.getByLabelText("Loading…")).toBeVisible();
    await expectNoViolations();
    refuse(problem({ code: "localFile", message: "The journal cannot be read: permission denied.", advice: null }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The journal cannot be read: permission denied.");
    await expectNoViolations();
  });

  it("says so when a run is no longer in the journal", async () => {
    open("/activity/gone", { listRuns: journal(runs) });
    await heading("This run is not in the journal");
    await expectNoViolations();
  });
});

describe("a run that did not come to its end", () => {
  const debt = { description: "HR feed until May 2027 (run 20261124)", keyId: null, clientId: "7d1c" };

  it.each<[string, Partial<Backend>, string]>([
    ["Continue", {}, "Continue: three changes"],
    ["Undo", {}, "Undo: three things to remove"],
  ])("offers to %s it", async (name, answers, title) => {
    const { user } = open(`/activity/${failedRun.id}`, { listRuns: journal([failedRun]), ...answers });
    const part = await screen.findByRole("heading", { name: "What you can do" });
    await expectNoViolations();
    await user.click(within(part.closest("section") as HTMLElement).getByRole("button", { name }));
    await heading(title);
  });

  it("can be left as it is, and still be continued", async () => {
    const left = { ...failedRun, left: "2026-11-24T12:00:00Z", ways: { ...failedRun.ways, canLeave: false } };
    let listed = [failedRun];
    const { backend, user } = open(`/activity/${failedRun.id}`, {
      listRuns: () => journal(listed)(),
      leaveRun: async () => {
        listed = [left];
        return left;
      },
    });
    await user.click(await screen.findByRole("button", { name: "Leave it" }));
    expect(await screen.findByText("It was left as it is and is not asked about.")).toBeVisible();
    expect(screen.getByText("Left as it is", { selector: "dt" }).nextElementSibling).toHaveTextContent("12:00");
    expect(screen.queryByRole("button", { name: "Leave it" })).toBeNull();
    expect(screen.getByRole("button", { name: "Continue" })).toBeEnabled();
    expect(backend.callsOf("leaveRun")).toEqual([[failedRun.id]]);
    await user.click(screen.getByRole("button", { name: "All activity" }));
    expect(await screen.findByText("left as it is")).toBeVisible();
  });

  it("is planned again when an earlier version kept it", async () => {
    const { user } = open("/activity/old", { listRuns: journal([oldRun]) });
    expect(await screen.findByText(/An earlier version kept this run/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Continue" })).toBeNull();
    expect(screen.getByRole("button", { name: "Leave it" })).toBeEnabled();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Plan again" }));
    await heading("Set up access");
  });

  it("of another tenant is named, with where to sign in, and no more", async () => {
    const elsewhere = { ...failedRun, tenantId: "elsewhere", tenantName: "Fabrikam" };
    const { user } = open("/activity", { listRuns: journal([elsewhere]) });
    expect(await screen.findByText(/to continue\.$/)).toHaveTextContent("Sign in to Fabrikam to continue.");
    await user.click(screen.getByRole("link", { name: /HR feed/ }));
    expect(await screen.findByText(/to continue, undo or leave it/)).toHaveTextContent("Sign in to Fabrikam");
    for (const name of ["Continue", "Undo", "Leave it"]) {
      expect(screen.queryByRole("button", { name })).toBeNull();
    }
    await expectNoViolations();
  });

  it("tells of a secret whose value nobody has", async () => {
    open(`/activity/${failedRun.id}`, { listRuns: journal([{ ...failedRun, debts: [debt] }]) });
    expect(await screen.findByText(/may exist in Entra and nobody has its value/)).toBeVisible();
    expect(screen.getByText(debt.description)).toBeVisible();
    expect(screen.getByText("Continue looks for it and removes it; so does Undo.")).toBeVisible();
    await expectNoViolations();
  });
});

describe("a run of several attempts", () => {
  it("shows the earlier ones: what about, when, by whom, how they ended, and their steps on demand", async () => {
    const { user } = open(`/activity/${undoneRun.id}`, { listRuns: journal([undoneRun]) });
    expect(await screen.findByText("About", { selector: "dt" })).toBeVisible();
    const [attempt] = within(screen.getByRole("list", { name: "Earlier attempt" })).getAllByRole("listitem");
    expect(attempt).toHaveTextContent(/Setting upFailedNov 24, 2026, 10:40 AM by imogen/);
    expect(attempt).toHaveTextContent(failedRun.summary);
    await user.click(within(attempt as HTMLElement).getByText("Its 6 steps"));
    const steps = within(attempt as HTMLElement).getByRole("list", { name: "Steps of attempt 1" });
    expect(steps).toHaveTextContent("Entra refused to let it upload users");
    await expectNoViolations();
  });

  it("says what was removed and until when it can be restored", async () => {
    const [app, , principal] = undoneRun.made;
    const made = [app, { ...principal, restorableUntil: null }] as typeof undoneRun.made;
    const { user } = open("/activity", { listRuns: journal([{ ...undoneRun, made, handOver: doneRun.handOver }]) });
    const row = (await screen.findAllByRole("row"))[1];
    expect(row).toHaveTextContent("Undone");
    expect(row).toHaveTextContent("2 objects, removed");
    await user.click(screen.getByRole("link", { name: /HR feed/ }));
    const list = (await screen.findByRole("heading", { name: "What this run made" })).closest("section");
    expect(list).toHaveTextContent("removed Nov 24, 2026; can be restored in Entra until Dec 24, 2026");
    expect(list).toHaveTextContent(/removed Nov 24, 2026$/);
    expect(screen.queryByText("What the API developer needs")).toBeNull();
    expect(screen.queryByRole("button", { name: /Undo/ })).toBeNull();
  });

  it("counts what is left of what it made", async () => {
    const made = doneRun.made.map((object, index) => (index === 2 ? { ...object, removed: "2026-11-24" } : object));
    open("/activity", { listRuns: journal([{ ...doneRun, made }]) });
    expect((await screen.findAllByRole("row"))[1]).toHaveTextContent("2 objects, 1 removed");
  });
});

describe("a run that ended well", () => {
  it("can be undone too", async () => {
    const { backend, user } = open(`/activity/${doneRun.id}`, { listRuns: journal([doneRun]) });
    await user.click(await screen.findByRole("button", { name: "Undo this run" }));
    await heading("Undo: three things to remove");
    expect(backend.callsOf("planUndo")).toEqual([[doneRun.id]]);
  });

  it("says that its secret was shown once", async () => {
    open(`/activity/${shownRun.id}`, { listRuns: journal([shownRun]) });
    expect(await screen.findByText(/Its secret was shown once and is kept nowhere here/)).toBeVisible();
    expect(screen.queryByText(/There is no secret to hand over/)).toBeNull();
    await expectNoViolations();
  });
});
