import { act, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../backend/backend";
import type { RunView } from "../../backend/types";
import {
  askingRun,
  awaited,
  consentPlan,
  consentRequest,
  consentRun,
  grantedRun,
  openedConsent,
  planThatAsks,
} from "../../testing/consentFixtures";
import { app, problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { journal } from "../../testing/runFixtures";
import { activateFirst, preflight } from "../../testing/sessionFixtures";

afterEach(() => vi.useRealTimers());

/** A run's page whose grants were left to another administrator. */
async function asked(run: RunView = askingRun, answers: Partial<Backend> = {}) {
  const opened = open(`/activity/${run.id}`, { listRuns: journal([run]), ...answers });
  const title = await screen.findByRole("heading", { name: "Consent by another administrator" });
  return { ...opened, panel: title.closest("section") as HTMLElement };
}

describe("who asks for consent", () => {
  it("sees after the run what is awaited, and for whom", async () => {
    const { user } = open("/setup/identity", {
      planSetup: async () => planThatAsks,
      runPlan: async () => askingRun,
    });
    await user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: /^Make these 3 changes/ }));
    await heading("HR feed waits for consent");
    const list = screen.getByRole("list", { name: "Permissions asked for" });
    const rows = within(list).getAllByRole("listitem");
    expect(rows[0]).toHaveTextContent("Upload usersSynchronizationData-User.Uploadawaited");
    expect(rows[1]).toHaveTextContent("Read provisioning logsAuditLog.Read.Allawaited");
    expect(screen.getByText("Permissions granted").nextElementSibling).toHaveTextContent("None yet");
    expect(
      within(screen.getByRole("list", { name: "Steps of the run" })).getAllByText("waits for consent"),
    ).toHaveLength(2);
    await expectNoViolations();
  });

  it("saves the request for another Inbound Access or as a note", async () => {
    const paths = ["/home/imogen/request.json", null];
    const { backend, panel, user } = await asked(askingRun, {
      saveConsentRequest: async () => ({ path: paths.shift() ?? null }),
    });
    await user.click(within(panel).getByRole("button", { name: "Save the request…" }));
    await expectNoViolations();
    await user.click(await screen.findByRole("menuitem", { name: /For another Inbound Access/ }));
    expect(await screen.findAllByText("Saved as /home/imogen/request.json")).not.toHaveLength(0);
    await user.click(within(panel).getByRole("button", { name: "Save the request…" }));
    await user.click(await screen.findByRole("menuitem", { name: /As a note to read/ }));
    // The dialog was called off.
    await waitFor(() => expect(within(panel).queryByText(/^Saved as/)).toBeNull());
    expect(backend.callsOf("saveConsentRequest")).toEqual([
      [askingRun.id, "json"],
      [askingRun.id, "markdown"],
    ]);
  });

  it("copies or opens Entra's consent page, with a caution beside it", async () => {
    const { backend, panel, user } = await asked(askingRun, {
      openConsentLink: async () => {
        throw problem({ code: "internal", message: "No browser could be opened.", advice: "Copy the link." });
      },
    });
    expect(panel).toHaveTextContent("may take back what it was granted before but does not request");
    await user.click(within(panel).getByRole("button", { name: "Copy the consent link" }));
    expect(await within(panel).findByText("The consent link is copied.")).toBeVisible();
    await user.click(within(panel).getByRole("button", { name: "Open the consent page" }));
    expect(await within(panel).findByText("No browser could be opened. Copy the link.")).toBeVisible();
    expect(backend.callsOf("copyConsentLink")).toEqual([[askingRun.id]]);
    expect(backend.callsOf("openConsentLink")).toEqual([[askingRun.id]]);
    expect(document.documentElement.outerHTML).not.toContain("adminconsent");
  });

  it("is told that Entra's page does not apply to a managed identity", async () => {
    const { panel } = await asked({ ...askingRun, consent: { ...awaited, consentUrl: null } });
    expect(panel).toHaveTextContent("Entra's consent page does not apply to a managed identity.");
    expect(within(panel).queryByRole("button", { name: "Copy the consent link" })).toBeNull();
  });

  it("looks again on demand, and sees what was granted meanwhile", async () => {
    const { backend, panel, user } = await asked(askingRun, { checkConsent: async () => grantedRun(1) });
    await user.click(within(panel).getByRole("button", { name: "Look again" }));
    expect(await within(panel).findByText(/^Waiting for one permission/)).toBeVisible();
    expect(screen.getByRole("status")).toHaveTextContent("One permission was granted. One is left.");
    expect(within(panel).getAllByRole("listitem")[0]).toHaveTextContent(/granted Nov 24, 2026, 11:05/);
    expect(backend.callsOf("checkConsent")).toEqual([[askingRun.id]]);
    await expectNoViolations();
  });

  it("sees when all is granted, and there is nothing more to hand over", async () => {
    const { panel } = await asked(grantedRun(2));
    expect(panel).toHaveTextContent(/Granted Nov 24, 2026, 11:05.AM by another administrator\./);
    expect(within(panel).queryByRole("button", { name: "Save the request…" })).toBeNull();
    await expectNoViolations();
  });

  it("need not press: the page looks every 30 seconds until all is granted, but not while it is hidden", async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    let granted = 0;
    const { backend, panel } = await asked(askingRun, { checkConsent: async () => grantedRun(granted) });
    const looked = () => backend.callsOf("checkConsent").length;
    await act(() => vi.advanceTimersByTimeAsync(29_000));
    expect(looked()).toBe(0);
    await act(() => vi.advanceTimersByTimeAsync(1_500));
    expect(looked()).toBe(1);
    const visibility = vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(looked()).toBe(1);
    visibility.mockReturnValue("visible");
    granted = 2;
    await act(() => vi.advanceTimersByTimeAsync(30_000));
    expect(looked()).toBe(2);
    expect(panel).toHaveTextContent(/by another administrator/);
    await act(() => vi.advanceTimersByTimeAsync(120_000));
    expect(looked()).toBe(2);
  });

  it("is told when it could not be looked, and goes on waiting", async () => {
    const { panel, user } = await asked(askingRun, {
      checkConsent: async () => {
        throw problem();
      },
    });
    await user.click(within(panel).getByRole("button", { name: "Look again" }));
    expect(
      await within(panel).findByText(/^Could not look just now. login.microsoftonline.com could not be reached/),
    ).toBeVisible();
    expect(panel).toHaveTextContent("Waiting for 2 permissions");
  });

  it("cannot look from another tenant", async () => {
    const { backend, panel } = await asked({ ...askingRun, tenantId: "another", tenantName: "Fabrikam" });
    expect(panel).toHaveTextContent("2 permissions are not granted yet.");
    expect(panel).toHaveTextContent("Sign in to Fabrikam again to look whether it was granted.");
    expect(within(panel).queryByRole("button", { name: "Look again" })).toBeNull();
    expect(backend.callsOf("checkConsent")).toHaveLength(0);
  });

  it("finds the run in Activity by what it waits for", async () => {
    open("/activity", { listRuns: journal([askingRun, { ...grantedRun(2), id: "granted" }]) });
    const rows = within(await screen.findByRole("table")).getAllByRole("row");
    expect(rows[1]).toHaveTextContent("waits for consent");
    expect(rows[2]).not.toHaveTextContent("waits for consent");
  });
});

describe("who grants", () => {
  async function opened(answers: Partial<Backend> = {}) {
    const view = open("/setup", answers);
    await view.user.click(await screen.findByRole("button", { name: "Finish a request for consent…" }));
    return view;
  }

  it("sees what is asked, by whom and for whom, then the plan, and grants exactly that", async () => {
    const { backend, user } = await opened({ runPlan: async () => consentRun });
    await heading("Request for consent");
    const main = screen.getByRole("main");
    expect(main).toHaveTextContent("aaliyah.okonjo@brightwater.example asks you to let HR feed do the following.");
    expect(screen.getByText("the tenant that you are signed in to")).toBeVisible();
    expect(main).toHaveTextContent("A file does not prove who wrote it.");
    expect(within(screen.getByRole("list", { name: "Permissions asked for" })).getAllByRole("listitem")).toHaveLength(
      2,
    );
    expect(screen.getByRole("link", { name: "Set up" })).toHaveAttribute("aria-current", "page");
    await expectNoViolations();

    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Two changes");
    expect(backend.callsOf("planConsent")).toEqual([["consent-1"]]);
    expect(backend.callsOf("planSetup")).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Read the tenant again" }));
    await waitFor(() => expect(backend.callsOf("planConsent")).toHaveLength(2));
    await user.click(screen.getByRole("button", { name: "Back to the request" }));
    await heading("Request for consent");
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 2 changes" }));
    await heading("Granted to HR feed");
    expect(screen.getByRole("main")).toHaveTextContent(
      "aaliyah.okonjo@brightwater.example sees it in their Inbound Access.",
    );
    expect(backend.callsOf("runPlan")[0]?.[0]).toBe(consentPlan.id);
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Verify HR feed" }));
    await waitFor(() =>
      expect(backend.callsOf("verify")[0]?.slice(0, 2)).toEqual([
        app.objectId,
        consentRequest.permissions.map(({ value }) => value),
      ]),
    );
  });

  it("is told why it cannot be finished here, and gets no plan for it", async () => {
    await opened({
      openConsentRequest: async () => ({
        ...openedConsent,
        request: { ...consentRequest, tenantId: "elsewhere", tenantName: "Fabrikam" },
        obstacle: "It is for the tenant Fabrikam. Sign in there to finish it.",
      }),
    });
    await heading("Request for consent");
    expect(screen.getByText("It is for the tenant Fabrikam. Sign in there to finish it.")).toBeVisible();
    expect(screen.getByText("not the tenant that you are signed in to")).toBeVisible();
    expect(screen.queryByRole("button", { name: "See the plan" })).toBeNull();
    await expectNoViolations();
  });

  it("activates a role first where that is needed", async () => {
    const { user } = await opened({
      openConsentRequest: async () => ({ ...openedConsent, standing: activateFirst }),
      activateRole: async () => ({ ...preflight, roles: ["Privileged Role Administrator"] }),
    });
    await heading("Request for consent");
    expect(screen.getByText("Activate Privileged Role Administrator first")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Activate Privileged Role Administrator…" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "HR feed");
    await user.click(within(dialog).getByRole("button", { name: "Activate for 1 hour" }));
    expect(await screen.findAllByText("Privileged Role Administrator is active now.")).not.toHaveLength(0);
  });

  it("stays where one was when no file is chosen, and says why one cannot be read", async () => {
    let tries = 0;
    const { user } = await opened({
      openConsentRequest: async () => {
        tries += 1;
        if (tries === 1) {
          return null;
        }
        throw problem({ code: "localFile", message: "The file is no request for consent." });
      },
    });
    await heading("Set up access");
    await user.click(screen.getByRole("button", { name: "Finish a request for consent…" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The file is no request for consent.");
    await expectNoViolations();
  });

  it("can open it from Activity too", async () => {
    const { user } = open("/activity");
    await user.click(await screen.findByRole("button", { name: "Finish a request for consent…" }));
    await heading("Request for consent");
  });

  it("tells what is left after a run that failed, and leads back to the request", async () => {
    const { backend, user } = await opened({
      runPlan: async () => ({ ...consentRun, state: "failed", summary: "Nothing was granted." }),
    });
    await user.click(await screen.findByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 2 changes" }));
    await heading("Not everything was done");
    expect(screen.queryByRole("button", { name: "Change the request" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "See what is left to do" }));
    await heading("Two changes");
    expect(backend.callsOf("planConsent")).toHaveLength(2);
  });
});
