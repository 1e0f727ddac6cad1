import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { snippet } from "../../testing/accessFixtures";
import { problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { doneRun, journal } from "../../testing/runFixtures";

const path = `/activity/${doneRun.id}`;
const opened = () => screen.findByRole("dialog", { name: "What this run did, as a script" });

describe("a run as a script", () => {
  it("is shown in each kind, to copy and to save", async () => {
    const terraform = { ...snippet, id: "another", key: "terraform", title: "Terraform", text: "terraform {}\n" };
    const { backend, user } = open(path, {
      listRuns: journal([doneRun]),
      runScripts: async () => [snippet, terraform],
    });
    await user.click(await screen.findByRole("button", { name: "What it did, as a script…" }));
    const dialog = await opened();
    expect(await within(dialog).findByRole("tab", { name: /cURL/, selected: true })).toBeVisible();
    await expectNoViolations();
    await user.click(within(dialog).getByRole("tab", { name: /Terraform/ }));
    expect(within(dialog).getByRole("region", { name: "Terraform, text" })).toHaveTextContent("terraform {}");
    await user.click(within(dialog).getByRole("button", { name: /^Copy/ }));
    await user.click(within(dialog).getByRole("button", { name: "Save Terraform…" }));
    expect(backend.callsOf("runScripts")).toEqual([[doneRun.id]]);
    expect(backend.callsOf("copyText")).toEqual([["terraform {}\n"]]);
    expect(backend.callsOf("saveSnippet")).toEqual([["another"]]);
    await user.click(within(dialog).getByRole("button", { name: "Close" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("tells why it cannot be told, and that there may be nothing to tell", async () => {
    const answers = [async () => Promise.reject(problem()), async () => []];
    const { user } = open(path, {
      listRuns: journal([doneRun]),
      runScripts: async () => (await answers.shift()?.()) ?? [],
    });
    await user.click(await screen.findByRole("button", { name: "What it did, as a script…" }));
    const dialog = await opened();
    await user.click(await within(dialog).findByRole("button", { name: "Try again" }));
    expect(await within(dialog).findByText("Nothing of it can be told as a script.")).toBeVisible();
  });

  it("has evidence beside it", async () => {
    const { backend, user } = open(path, { listRuns: journal([doneRun]) });
    await user.click(await screen.findByRole("button", { name: "Save evidence…" }));
    await user.click(await screen.findByRole("menuitem", { name: /Report \(HTML\)/ }));
    expect(backend.callsOf("saveEvidence")).toEqual([[{ kind: "run", id: doneRun.id }, "html"]]);
  });
});

describe("a plan as a script", () => {
  it("is offered before anything is done", async () => {
    const { backend, user } = open("/access");
    await heading("Who has access");
    await user.click(await screen.findByRole("checkbox", { name: /^Choose all/ }));
    await user.click(screen.getByRole("button", { name: /^Revoke/ }));
    await user.click(await screen.findByRole("button", { name: "Copy as…" }));
    const dialog = await screen.findByRole("dialog", { name: "These changes as a script" });
    expect(await within(dialog).findByRole("tab", { name: /cURL/ })).toBeVisible();
    expect(backend.callsOf("planScripts")).toHaveLength(1);
    expect(backend.callsOf("runPlan")).toEqual([]);
  });
});
