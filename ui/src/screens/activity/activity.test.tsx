import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { doneRun, failedRun, journal, runWith } from "../../testing/runFixtures";
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
