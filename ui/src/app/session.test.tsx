import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Backend } from "../backend/backend";
import type { AppInfo, AskedFor, SessionNews } from "../backend/types";
import { appInfo, connection, notConnected, problem, realConnection } from "../testing/fixtures";
import { expectNoViolations, heading, open } from "../testing/open";
import { doneRun, runWith } from "../testing/runFixtures";
import { runByHand, sessionByHand } from "../testing/scripted";
import { contoso, fabrikam, locked, noSettings, OWN_CLIENT } from "../testing/sessionFixtures";

const real: AppInfo = {
  ...appInfo,
  connection: realConnection,
  settings: { ...noSettings, remembered: [contoso, fabrikam] },
};

/** Opens a page of somebody who is signed in to a real tenant, with news that the test tells. */
function openReal(start: string, answers: Partial<Backend> = {}) {
  const session = sessionByHand();
  return { session, ...open(start, { appInfo: async () => real, ...session, ...answers }) };
}

const asking = (why: AskedFor): SessionNews => ({ kind: "asking", why, how: { kind: "browser", notOpened: null } });

describe("asked to sign in again in mid-work", () => {
  it.each<[string, AskedFor, string, RegExp]>([
    [
      "a claims challenge",
      { kind: "challenge" },
      "Contoso wants to see that it is still you",
      /asks for a fresh sign-in before this goes on/,
    ],
    ["an ended session", { kind: "ended" }, "Your session has ended", /Sign in as admin@contoso.com once more/],
    [
      "a permission",
      { kind: "scopes", scopes: ["Policy.Read.All"] },
      "One more permission for this sign-in",
      /Read the tenant's rules for secrets and registrations/,
    ],
  ])("says why for %s, keeps the work, and goes away once it is answered", async (_, why, title, words) => {
    const { session, user } = openReal("/setup/app");
    const name = await screen.findByRole("textbox", { name: /Name of the app/ });
    await user.type(name, "Payroll feed");
    await act(async () => session.tell(asking(why)));
    const dialog = await screen.findByRole("alertdialog", { name: title });
    expect(dialog).toHaveTextContent(words);
    expect(within(dialog).getByText("Finish in your browser")).toBeVisible();
    await expectNoViolations();
    // It is not to be pressed away.
    await user.keyboard("{Escape}");
    expect(dialog).toBeVisible();
    await act(async () => session.tell({ kind: "answered" }));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(name).toHaveValue("Payroll feed");
    await waitFor(() => expect(name).toHaveFocus());
  });

  it("can be cancelled", async () => {
    const { backend, session, user } = openReal("/setup");
    await heading("Set up access");
    await act(async () => session.tell(asking({ kind: "challenge" })));
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Cancel" }));
    expect(backend.callsOf("cancelSignIn")).toHaveLength(1);
  });

  it("shows a device code where the session was begun with one", async () => {
    const { session } = openReal("/setup");
    await heading("Set up access");
    await act(async () =>
      session.tell({
        kind: "asking",
        why: { kind: "ended" },
        how: {
          kind: "deviceCode",
          userCode: "HXQK4RTPZ",
          url: "https://login.microsoftonline.com/device",
          expires: new Date(Date.now() + 600_000).toISOString(),
        },
      }),
    );
    expect(within(await screen.findByRole("alertdialog")).getByText("HXQK4RTPZ")).toBeVisible();
  });
});

describe("the lock", () => {
  async function lockedWith(answers: Partial<Backend> = {}) {
    const session = sessionByHand();
    const opened = open("/setup/app", { ...session, ...answers });
    const name = await screen.findByRole("textbox", { name: /Name of the app/ });
    await opened.user.type(name, "Payroll feed");
    await act(async () => session.tell({ kind: "locked", session: locked }));
    const cover = await screen.findByRole("alertdialog", { name: "Inbound Access is locked" });
    return { ...opened, session, cover, name };
  }

  it("covers the window, so that nothing below can be read or reached", async () => {
    const { container, cover, name, user } = await lockedWith();
    expect(cover).toHaveTextContent(
      "Nobody used it for 15 minutes, so the sign-in to Brightwater Foods was forgotten.",
    );
    expect(container).toHaveAttribute("inert");
    expect(container).toHaveAttribute("data-covered");
    expect(screen.queryByRole("heading", { name: "A program outside Azure" })).toBeNull();
    expect(screen.queryByRole("navigation")).toBeNull();
    expect(document.title).toBe("Inbound Access is locked – Inbound Access");
    await expectNoViolations();
    for (let presses = 0; presses < 5; presses += 1) {
      await user.tab();
      expect(cover).toContainElement(document.activeElement as HTMLElement);
    }
    await user.keyboard("{Escape}");
    expect(cover).toBeVisible();
    expect(name).toHaveValue("Payroll feed");
  });

  it("covers a dialog that was open too, and gives it back", async () => {
    const session = sessionByHand();
    const { user } = open("/setup", {
      ...session,
      disconnect: async () => {
        throw problem({ code: "busy", message: "A run is going on in this tenant." });
      },
    });
    await user.click(await screen.findByRole("button", { name: "Leave the practice tenant" }));
    const before = await screen.findByRole("alertdialog", { name: "You are still signed in" });
    await act(async () => session.tell({ kind: "locked", session: locked }));
    await screen.findByRole("button", { name: /^Unlock as/ });
    expect(before.closest("[data-covered]")).not.toBeNull();
    await user.click(screen.getByRole("button", { name: /^Unlock as/ }));
    await act(async () => session.accept(connection));
    await waitFor(() => expect(before.closest("[data-covered]")).toBeNull());
    expect(screen.getByRole("alertdialog", { name: "You are still signed in" })).toBeVisible();
  });

  it("is lifted by signing in again as the same person, with what was typed as it was", async () => {
    const { backend, container, session, user } = await lockedWith();
    await user.click(screen.getByRole("button", { name: "Unlock as imogen.castellane@brightwater.example" }));
    await act(async () => session.tell(asking({ kind: "connect" })));
    expect(screen.getByText("Finish in your browser")).toBeVisible();
    expect(screen.getAllByRole("alertdialog")).toHaveLength(1);
    await expectNoViolations();
    await act(async () => session.accept(connection));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(backend.callsOf("unlock")).toHaveLength(1);
    expect(container).not.toHaveAttribute("inert");
    const name = await screen.findByRole("textbox", { name: /Name of the app/ });
    expect(name).toHaveValue("Payroll feed");
    await waitFor(() => expect(name).toHaveFocus());
    expect(document.title).toBe("A program outside Azure – Inbound Access");
  });

  it("stays when unlocking is cancelled, and when it fails says why", async () => {
    const { backend, cover, session, user } = await lockedWith();
    await user.click(screen.getByRole("button", { name: /^Unlock as/ }));
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(backend.callsOf("cancelSignIn")).toHaveLength(1);
    await act(async () => session.refuse(problem({ code: "cancelled" })));
    expect(await screen.findByText("Signing in was cancelled. It is still locked.")).toBeVisible();
    expect(screen.getByRole("button", { name: /^Unlock as/ })).toHaveFocus();
    await user.click(screen.getByRole("button", { name: /^Unlock as/ }));
    await act(async () =>
      session.refuse(problem({ code: "signInFailed", message: "Another account signed in.", advice: "Try again." })),
    );
    expect(await within(cover).findByRole("alert")).toHaveTextContent("Another account signed in.");
    await expectNoViolations();
  });

  it("can be left, which forgets what was typed", async () => {
    const { backend, user } = await lockedWith();
    await user.click(screen.getByRole("button", { name: "Leave" }));
    await heading("Inbound Access");
    expect(backend.callsOf("disconnect")).toHaveLength(1);
    await user.click(await screen.findByRole("button", { name: "Sign in as Imogen Castellane" }));
    await heading("Connected to Brightwater Foods");
    await user.click(screen.getByRole("link", { name: "Set up" }));
    await user.click(await screen.findByRole("link", { name: /A program outside Azure/ }));
    expect(await screen.findByRole("textbox", { name: /Name of the app/ })).toHaveValue("");
  });

  it("stands over a page that was reloaded, which then shows nothing of the session", async () => {
    const session = sessionByHand();
    const { user } = open("/activity", { appInfo: async () => ({ ...notConnected, locked }), ...session });
    await screen.findByRole("alertdialog", { name: "Inbound Access is locked" });
    expect(screen.queryByRole("heading", { name: "Practice tenant" })).toBeNull();
    await user.click(screen.getByRole("button", { name: /^Unlock as/ }));
    await act(async () => session.accept(connection));
    await heading("Activity");
  });

  it("hides a secret that was shown", async () => {
    const session = sessionByHand();
    const { user } = open(`/activity/${doneRun.id}`, {
      ...session,
      listRuns: async () => ({ runs: [doneRun], unreadable: [], ours: [] }),
    });
    await user.click(await screen.findByRole("button", { name: "Reveal secret" }));
    await waitFor(() => expect(document.querySelector('img[src^="reveal:"]')).not.toBeNull());
    await act(async () => session.tell({ kind: "locked", session: locked }));
    await screen.findByRole("button", { name: /^Unlock as/ });
    expect(document.querySelector("img")).toBeNull();
  });
});

describe("that somebody is there", () => {
  it("is told to Rust at most every 20 seconds, and not while it is locked", async () => {
    const session = sessionByHand();
    const { backend } = open("/setup", session);
    await heading("Set up access");
    let now = Date.now();
    vi.spyOn(Date, "now").mockImplementation(() => now);
    const told = () => backend.callsOf("touch").length;
    fireEvent.pointerMove(document.body);
    fireEvent.keyDown(document.body, { key: "a" });
    expect(told()).toBe(1);
    now += 19_000;
    fireEvent.pointerDown(document.body);
    expect(told()).toBe(1);
    now += 1_000;
    fireEvent.keyDown(document.body, { key: "a" });
    expect(told()).toBe(2);
    await act(async () => session.tell({ kind: "locked", session: locked }));
    now += 60_000;
    fireEvent.pointerMove(document.body);
    expect(told()).toBe(2);
  });

  it("is told to nobody before anybody is signed in", async () => {
    const { backend, user } = open("/", { appInfo: async () => notConnected });
    await heading("Inbound Access");
    await user.click(screen.getByRole("radio", { name: /Aaliyah/ }));
    expect(backend.callsOf("touch")).toHaveLength(0);
  });
});

describe("the account menu", () => {
  const menu = () => screen.findByRole("button", { name: /^Signed in as/ });

  it("locks at once", async () => {
    const { backend, user } = openReal("/setup");
    await user.click(await menu());
    await expectNoViolations();
    await user.click(await screen.findByRole("button", { name: "Lock" }));
    const cover = await screen.findByRole("alertdialog", { name: "Inbound Access is locked" });
    expect(cover).toHaveTextContent("You locked it, and the sign-in to Contoso was forgotten.");
    expect(screen.getByRole("button", { name: "Unlock as admin@contoso.com" })).toBeVisible();
    expect(backend.callsOf("lockSession")).toHaveLength(1);
  });

  it("says why it was not locked", async () => {
    const { user } = openReal("/setup", {
      lockSession: async () => {
        throw problem({ code: "busy", message: "A run is going on.", advice: "Wait for its end." });
      },
    });
    await user.click(await menu());
    await user.click(await screen.findByRole("button", { name: "Lock" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("A run is going on.");
    expect(screen.queryByRole("button", { name: /^Unlock/ })).toBeNull();
  });

  it("signs out", async () => {
    const { backend, user } = openReal("/setup");
    await user.click(await menu());
    await user.click(await screen.findByRole("button", { name: "Sign out" }));
    await heading("Inbound Access");
    expect(backend.callsOf("disconnect")).toHaveLength(1);
  });

  it("switches to a tenant that is remembered; until that is done one stays where one is", async () => {
    const { backend, session, user } = openReal("/setup/app");
    await user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "Payroll feed");
    await user.click(await menu());
    // Where one is already is not offered.
    expect(screen.queryByRole("button", { name: /^Sign in to Contoso/ })).toBeNull();
    await user.click(await screen.findByRole("button", { name: "Sign in to Fabrikam as ops@fabrikam.us" }));
    const dialog = await screen.findByRole("alertdialog", { name: "Signing in" });
    expect(dialog).toHaveTextContent("You stay signed in to Contoso until this is done.");
    expect(backend.callsOf("disconnect")).toHaveLength(0);
    await act(async () =>
      session.accept({ ...realConnection, tenantId: fabrikam.tenantId, tenantName: "Fabrikam", tenantDomain: null }),
    );
    await heading("Connected to Fabrikam");
    expect(backend.callsOf("signIn")[0]?.[0]).toMatchObject({ cloud: "usGovL4", tenant: fabrikam.tenantId });
    // What was typed for another tenant is of no use here.
    await user.click(screen.getByRole("link", { name: "Set up" }));
    await user.click(await screen.findByRole("link", { name: /A program outside Azure/ }));
    expect(await screen.findByRole("textbox", { name: /Name of the app/ })).toHaveValue("");
  });

  it("uses another account, and keeps the present one when that fails or is cancelled", async () => {
    const { backend, session, user } = openReal("/setup");
    await user.click(await menu());
    await user.click(await screen.findByRole("button", { name: "Use another account" }));
    await screen.findByRole("alertdialog", { name: "Signing in" });
    expect(backend.callsOf("signIn")).toEqual([
      [{ cloud: "global", tenant: contoso.tenantId, way: "browser", clientId: OWN_CLIENT, account: null }],
    ]);
    await act(async () => session.refuse(problem({ code: "signInFailed", message: "That account is disabled." })));
    const dialog = await screen.findByRole("alertdialog", { name: "You were not signed in" });
    expect(within(dialog).getByTestId("problem")).toHaveTextContent("That account is disabled.");
    await expectNoViolations();
    await user.click(within(dialog).getByRole("button", { name: "Go on as admin@contoso.com" }));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    await heading("Set up access");

    await user.click(await menu());
    await user.click(await screen.findByRole("button", { name: "Use another account" }));
    await user.click(within(await screen.findByRole("alertdialog")).getByRole("button", { name: "Cancel" }));
    expect(backend.callsOf("cancelSignIn")).toHaveLength(1);
    await act(async () => session.refuse(problem({ code: "cancelled" })));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(await screen.findByRole("button", { name: "Signed in as admin@contoso.com" })).toBeVisible();
  });

  it("says why locking and signing in elsewhere wait while a run goes on", async () => {
    const run = runByHand();
    const { backend, user } = openReal("/setup/identity", { runPlan: run.runPlan });
    await user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
    act(() => run.send({ kind: "started", run: runWith({}, { state: "running", ended: null }) }));
    await user.click(await menu());
    for (const name of ["Lock", "Use another account", "Sign in to Fabrikam as ops@fabrikam.us"]) {
      const button = await screen.findByRole("button", { name });
      expect(button).toHaveAttribute("aria-disabled", "true");
      expect(button).toHaveAccessibleDescription(/must wait until the run has ended/);
      await user.click(button);
    }
    expect(backend.callsOf("lockSession")).toHaveLength(0);
    expect(backend.callsOf("signIn")).toHaveLength(0);
  });

  it("offers no other account of the practice tenant's people", async () => {
    const { user } = open("/setup");
    await user.click(await menu());
    await screen.findByRole("button", { name: "Lock" });
    expect(screen.queryByRole("button", { name: "Use another account" })).toBeNull();
  });
});
