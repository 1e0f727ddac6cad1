import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CredentialRow } from "../../backend/types";
import { findings, fullVerification, grantAgainPlan, revokePlan, revokeRun } from "../../testing/accessFixtures";
import { auditLog, CLIENT, PRINCIPAL, problem, verification } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { continuePlan, undoneRun } from "../../testing/runFixtures";
import { runByHand } from "../../testing/scripted";

const full = { verify: async () => fullVerification };
const todo = async () => within(await screen.findByRole("list", { name: "What to do" })).getAllByRole("listitem");

describe("what to do", () => {
  it("stands below the verdict by weight, each with a word, its advice and what mends it", async () => {
    open("/verify/x", full);
    const rows = await todo();
    expect(rows.map((row) => row.dataset.weight)).toEqual(["blocks", "warns", "notes"]);
    expect(rows[0]).toHaveTextContent("BlocksAuditLog.Read.All is requested and not granted.A Privileged Role");
    expect(rows[1]).toHaveTextContent("Warning");
    expect(rows[2]).toHaveTextContent("Note");
    expect(within(rows[0] as HTMLElement).getByRole("button", { name: "Grant 1 permission…" })).toBeVisible();
    expect(within(rows[2] as HTMLElement).queryByRole("button")).toBeNull();
    await expectNoViolations();
  });

  it("is not there where nothing is to be done", async () => {
    open("/verify/x", { verify: async () => verification });
    await heading("HR feed");
    expect(screen.queryByRole("heading", { name: "What to do" })).toBeNull();
  });

  it("says beside the finding why it cannot be planned, and keeps the page", async () => {
    const { backend, user } = open("/verify/x", {
      ...full,
      planFix: async () => {
        throw problem({ message: "Graph did not answer." });
      },
    });
    await user.click(await screen.findByRole("button", { name: "Grant 1 permission…" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Graph did not answer.");
    expect(backend.callsOf("planFix")).toEqual([[findings[0]?.fix]]);
    expect(screen.getByTestId("verdict")).toBeVisible();
  });

  it("grants one permission from its row", async () => {
    const { backend, user } = open("/verify/x", full);
    await user.click(await screen.findByRole("button", { name: `Grant ${auditLog.value}…` }));
    await waitFor(() =>
      expect(backend.callsOf("planFix")).toEqual([
        [{ kind: "grant", principal: PRINCIPAL, permissions: [auditLog.value] }],
      ]),
    );
  });
});

describe("a fix", () => {
  it("is planned, confirmed in its own words, run, and leads back to the same check", async () => {
    const run = runByHand();
    const { backend, user } = open("/verify/x", { ...full, planFix: async () => revokePlan, runPlan: run.runPlan });
    await user.click(await screen.findByRole("checkbox", { name: "Select all" }));
    await user.click(screen.getByRole("button", { name: "Remove 2 permissions…" }));
    await heading("Revoke 2 permissions");
    expect(backend.callsOf("planFix")).toEqual([
      [
        {
          kind: "revoke",
          grants: [
            { id: "grant-9", principal: PRINCIPAL },
            { id: "grant-8", principal: PRINCIPAL },
          ],
        },
      ],
    ]);
    expect(screen.getByRole("button", { name: "Back to HR feed" })).toBeVisible();
    expect(screen.getByText(/This takes something away in/)).toHaveTextContent("Brightwater Foods");
    expect(screen.getByText(/Undo grants them again/)).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Revoke 2 permissions" }));
    run.end(revokeRun);
    await heading("The permissions are revoked");
    expect(screen.queryByRole("button", { name: "Set up another" })).toBeNull();
    expect(screen.getByRole("button", { name: "Undo this run" })).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Verify HR feed again" }));
    await heading("HR feed");
    const asked = backend.callsOf("verify");
    expect(asked).toHaveLength(2);
    expect(asked[1]).toEqual(asked[0]);
  });

  it("says that undoing it puts something back, and still leads to the check", async () => {
    const { user } = open("/verify/x", {
      ...full,
      planFix: async () => revokePlan,
      planUndo: async () => grantAgainPlan,
      runPlan: async (id) => (id === revokePlan.id ? revokeRun : { ...undoneRun, id: revokeRun.id, made: [] }),
    });
    await user.click(await screen.findByRole("button", { name: "Remove User.Read.All…" }));
    await user.click(await screen.findByRole("button", { name: "Revoke 2 permissions" }));
    await user.click(await screen.findByRole("button", { name: "Undo this run" }));
    await heading("Undo: two changes");
    expect(screen.queryByText(/remove/i, { selector: "button" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Make these 2 changes" }));
    await heading("The run was undone");
    expect(screen.getByRole("button", { name: "Save evidence…" })).toBeVisible();
    expect(screen.queryByText("Nothing was left to remove.")).toBeNull();
    expect(screen.getByRole("button", { name: "Verify HR feed again" })).toBeVisible();
  });

  it("goes back before anything was done, and says when nothing is to be done any more", async () => {
    const { user } = open("/verify/x", {
      ...full,
      planFix: async () => ({
        ...revokePlan,
        changes: 0,
        steps: revokePlan.steps.map((step) => ({ ...step, effect: "alreadySo" })),
      }),
    });
    await user.click(await screen.findByRole("button", { name: "Grant 1 permission…" }));
    await heading("Nothing to change");
    expect(screen.queryByRole("button", { name: /^Make/ })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Back to HR feed" }));
    await heading("HR feed");
  });

  it("keeps the way back while its run is continued", async () => {
    const { user } = open("/verify/x", {
      ...full,
      planFix: async () => revokePlan,
      planContinue: async () => ({ ...continuePlan, runId: revokeRun.id }),
      runPlan: async () => ({
        ...revokeRun,
        state: "failed",
        ways: { canContinue: true, canUndo: true, canLeave: true },
      }),
    });
    await user.click(await screen.findByRole("button", { name: "Grant 1 permission…" }));
    await user.click(await screen.findByRole("button", { name: "Make these 2 changes" }));
    await heading("Not everything was done");
    expect(screen.getByRole("button", { name: "Verify HR feed again" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await heading(/^Continue/);
  });
});

describe("renewing a secret", () => {
  it("explains what is made, and what becomes of the old one", async () => {
    const { user } = open("/verify/x", full);
    await user.click(await screen.findByRole("button", { name: "Renew HR feed 2026…" }));
    const dialog = await screen.findByRole("dialog", { name: "Renew this secret" });
    expect(dialog).toHaveTextContent("kept in the Windows Credential Manager");
    expect(dialog).toHaveTextContent("The old one goes on working until Dec 17, 2026");
    await expectNoViolations();
  });

  it("names a secret without a description by its key", async () => {
    const [secret] = verification.credentials;
    const { user } = open("/verify/x", {
      verify: async () => ({ ...verification, credentials: [{ ...(secret as CredentialRow), description: "" }] }),
    });
    await user.click(await screen.findByRole("button", { name: `Renew ${secret?.keyId}…` }));
    expect(await screen.findByRole("dialog")).toHaveTextContent(`${secret?.keyId}. A new secret is made`);
  });

  it("asks for the last day and whether the old one stays, and shows the plan of that", async () => {
    const { backend, user } = open("/verify/x", full);
    await user.click(await screen.findByRole("button", { name: "Renew HR feed 2026…" }));
    const dialog = await screen.findByRole("dialog");
    const day = within(dialog).getByLabelText(/Last day of the new secret/);
    await user.clear(day);
    await user.click(within(dialog).getByRole("button", { name: "See the plan" }));
    expect(dialog).toHaveTextContent("Choose the last day of the secret's life.");
    expect(backend.callsOf("planFix")).toEqual([]);
    const in100 = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
    await user.type(day, in100);
    await user.click(within(dialog).getByRole("radio", { name: /Remove the old one now/ }));
    await user.click(within(dialog).getByRole("button", { name: "See the plan" }));
    await waitFor(() =>
      expect(backend.callsOf("planFix")).toEqual([
        [
          {
            kind: "rotateSecret",
            clientId: CLIENT,
            replaces: "5ec4e700-0000-4000-8000-000000000001",
            expires: in100,
            removeOld: true,
          },
        ],
      ]),
    );
    await heading("Five changes");
    expect(screen.getByText(/removed only after the new one has proved to work/)).toBeVisible();
  });

  it("shows a refusal of the day at its field", async () => {
    const { user } = open("/verify/x", {
      ...full,
      planFix: async () => {
        throw problem({
          code: "invalidInput",
          message: "The day cannot be used.",
          fields: [{ field: "expires", message: "This tenant allows 180 days." }],
        });
      },
    });
    await user.click(await screen.findByRole("button", { name: "Renew the secret…" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByLabelText(/Last day of the new secret/)).toHaveValue("2027-05-24");
    const far = new Date(Date.now() + 100 * 86_400_000).toISOString().slice(0, 10);
    await user.clear(within(dialog).getByLabelText(/Last day of the new secret/));
    await user.type(within(dialog).getByLabelText(/Last day of the new secret/), far);
    await user.click(within(dialog).getByRole("button", { name: "See the plan" }));
    expect(await within(dialog).findByTestId("problem")).toHaveTextContent("The day cannot be used.");
    expect(within(dialog).getAllByText("This tenant allows 180 days.")).toHaveLength(2);
  });

  it("removes a secret after a plan of its own", async () => {
    const { backend, user } = open("/verify/x", { ...full, planFix: async () => ({ ...revokePlan, changes: 1 }) });
    await user.click(await screen.findByRole("button", { name: "Remove HR feed 2026…" }));
    await heading("Remove a client secret");
    expect(backend.callsOf("planFix")).toEqual([
      [{ kind: "removeSecret", clientId: CLIENT, keyId: "5ec4e700-0000-4000-8000-000000000001" }],
    ]);
    expect(screen.getByRole("button", { name: "Remove this secret" })).toBeVisible();
  });
});
