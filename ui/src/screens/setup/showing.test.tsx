import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../backend/backend";
import type { SetupRequest } from "../../backend/types";
import { app, problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import {
  doneRun,
  failedRun,
  inTenMinutes,
  journal,
  keychainLocked,
  keychainRun,
  made,
  runWith,
  showingRun,
  shownRun,
} from "../../testing/runFixtures";
import { runByHand } from "../../testing/scripted";

const SHOWS = { kind: "showsSecret", description: "HR feed until May 2027" } as const;
const id = doneRun.id;

/** A run that has just made a secret which nothing keeps. */
async function showing(why: typeof keychainLocked | null = null, answers: Partial<Backend> = {}) {
  const run = runByHand();
  const opened = open("/setup/app", { runPlan: run.runPlan, ...answers });
  await opened.user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "HR feed");
  await opened.user.click(screen.getByRole("button", { name: "See the plan" }));
  await opened.user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
  await heading("Making 5 changes");
  act(() => run.send({ kind: "started", run: runWith({ 6: { kind: "working" } }, { state: "running", ended: null }) }));
  act(() => run.send({ kind: "step", runId: id, number: 6, state: { ...SHOWS, why, until: inTenMinutes() } }));
  return { ...opened, run };
}

const panel = () => screen.getByRole("region", { name: "A new secret waits for you" });
const picture = () => screen.queryByRole("img", { name: /^The client secret, drawn as a picture/ });
const have = () => within(panel()).getByRole("button", { name: "I have it" });

afterEach(() => vi.useRealTimers());

describe("where the secret goes", () => {
  it("is the keychain, unless it is to be shown once", async () => {
    const { backend, user } = open("/setup/app");
    await user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "HR feed");
    const place = screen.getByRole("radiogroup", { name: "Where the secret goes" });
    expect(within(place).getByRole("radio", { name: /In this computer's keychain \(recommended\)/ })).toBeChecked();
    expect(place).toHaveTextContent("Windows Credential Manager");
    const future = screen.getByRole("complementary", { name: "What will exist" });
    expect(future).toHaveTextContent("Client secret in the Windows Credential Manager");
    await user.click(within(place).getByRole("radio", { name: /Show it once, keep it nowhere/ }));
    expect(place).toHaveTextContent("Otherwise it is removed from Entra.");
    expect(future).toHaveTextContent("Client secret, shown to you once");
    expect(future).not.toHaveTextContent("Windows Credential Manager");
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    expect(backend.callsOf("planSetup")[0]?.[0]).toMatchObject({ secretGoes: "shownOnce" });
  });

  it("is told of beside the choice when Rust refuses it", async () => {
    const { user } = open("/setup/app", {
      planSetup: async () => {
        throw problem({
          code: "invalidInput",
          message: "This secret cannot be shown.",
          fields: [{ field: "secretGoes", message: "It cannot be shown here." }],
        });
      },
    });
    await user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "HR feed");
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    const place = await screen.findByRole("radiogroup", { name: "Where the secret goes" });
    await within(place.parentElement as HTMLElement).findByText("It cannot be shown here.");
  });

  it.each<[string, Partial<typeof keychainRun>, unknown]>([
    ["nothing was made", {}, { kind: "byName" }],
    ["the app was made", { made }, { kind: "existing", clientId: app.clientId }],
  ])("can be changed when the keychain stood in the way and %s", async (_, part, meant) => {
    const other = part.made === undefined ? [] : [{ ...app, clientId: "e1d2c3b4-0000-4000-8000-00000000beef" }];
    const { backend, user } = open("/setup/app", {
      checkAppName: async () => ({
        problem: null,
        takenBy: backend.callsOf("runPlan").length === 0 || other.length === 0 ? other : [...other, app],
        ours: null,
      }),
      runPlan: async () => ({ ...keychainRun, ...part }),
    });
    await user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "HR feed");
    if (other.length > 0) {
      await user.click(await screen.findByRole("radio", { name: /Make another/ }));
    }
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
    await heading("Not everything was done");
    expect(screen.getByRole("alert")).toHaveTextContent("The Windows Credential Manager is locked.");
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Show the secret once instead" }));
    await heading("A program outside Azure");
    expect(await screen.findByRole("radio", { name: /Show it once, keep it nowhere/ })).toBeChecked();
    expect(screen.getByRole("textbox", { name: /Name of the app/ })).toHaveValue("HR feed");
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    const asked = backend.callsOf("planSetup")[1]?.[0] as Extract<SetupRequest, { kind: "appRegistration" }>;
    expect(asked).toMatchObject({ name: "HR feed", secretGoes: "shownOnce" });
    expect(asked.app).toEqual(meant);
  });

  it("is no matter when something else stood in the way", async () => {
    const { user } = open("/setup/app", { runPlan: async () => failedRun });
    await user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "HR feed");
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
    await heading("Not everything was done");
    expect(screen.queryByRole("button", { name: "Show the secret once instead" })).toBeNull();
  });
});

describe("a new secret that nothing keeps", () => {
  it("takes the focus, is announced, and says what it is and what becomes of it", async () => {
    await showing();
    await waitFor(() => expect(within(panel()).getByRole("heading")).toHaveFocus());
    expect(screen.getByRole("status")).toHaveTextContent(
      "A new secret waits for you. It is removed from Entra in 10 minutes unless you say that you have it.",
    );
    expect(panel()).toHaveTextContent("You chose to see it once.");
    expect(panel()).toHaveTextContent("HR feed until May 2027");
    expect(panel()).toHaveTextContent("Closing the window or waiting ten minutes removes it from Entra.");
    expect(screen.getByText("waiting for you: a new secret is shown once")).toBeVisible();
    await expectNoViolations();
  });

  it("says why the keychain did not take it", async () => {
    await showing(keychainLocked);
    expect(panel()).toHaveTextContent("The keychain did not take it.");
    expect(panel()).toHaveTextContent("The Windows Credential Manager is locked.");
    await expectNoViolations();
  });

  it("is had only once it was revealed, as a picture that Rust draws", async () => {
    const { backend, run, user } = await showing();
    expect(have()).toHaveAttribute("aria-disabled", "true");
    await user.click(have());
    expect(backend.callsOf("settleNewSecret")).toHaveLength(0);
    await user.click(within(panel()).getByRole("button", { name: "Reveal secret" }));
    await waitFor(() => expect(picture()).toHaveAttribute("src", "reveal://localhost/c3d4"));
    expect(backend.callsOf("revealNewSecret")).toEqual([[id, false]]);
    expect(backend.callsOf("revealSecret")).toHaveLength(0);
    await expectNoViolations();
    await user.click(have());
    expect(backend.callsOf("settleNewSecret")).toEqual([[id, true]]);
    await waitFor(() => expect(picture()).toBeNull());
    expect(within(panel()).getByText("Going on…")).toBeVisible();
    act(() => run.send({ kind: "step", runId: id, number: 6, state: { kind: "done", note: null, requestId: null } }));
    expect(screen.queryByRole("region", { name: "A new secret waits for you" })).toBeNull();
    await waitFor(() => expect(screen.getByRole("heading", { level: 1 })).toHaveFocus());
    await act(async () => run.end(shownRun));
    await heading("HR feed is set up");
    expect(screen.getByText(/Its secret was shown once and is kept nowhere here/)).toBeVisible();
    expect(screen.getByText("May 24, 2027")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Reveal secret" })).toBeNull();
    await expectNoViolations();
  });

  it("is had once it was copied, which Rust does", async () => {
    const { backend, user } = await showing();
    await user.click(within(panel()).getByRole("button", { name: "Copy secret" }));
    expect(backend.callsOf("copyNewSecret")).toEqual([[id]]);
    expect(await within(panel()).findByText(/The secret is on the clipboard/)).toBeVisible();
    await user.click(have());
    expect(backend.callsOf("settleNewSecret")).toEqual([[id, true]]);
    expect(backend.callsOf("copyText")).toHaveLength(0);
  });

  it("stays had when one has looked at another page meanwhile", async () => {
    const { backend, user } = await showing();
    await user.click(within(panel()).getByRole("button", { name: "Copy secret" }));
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    await user.click(screen.getByRole("link", { name: /A new secret waits for you$/ }));
    await heading("Making 5 changes");
    await user.click(have());
    expect(backend.callsOf("settleNewSecret")).toEqual([[id, true]]);
  });

  it("is removed from Entra at once when it is not wanted", async () => {
    const { backend, user } = await showing();
    await user.click(within(panel()).getByRole("button", { name: "Remove it from Entra" }));
    expect(backend.callsOf("settleNewSecret")).toEqual([[id, false]]);
  });

  it("stays to be had when Rust could not be told", async () => {
    let tries = 0;
    const { user } = await showing(null, {
      settleNewSecret: async () => {
        tries += 1;
        if (tries === 1) {
          throw problem({ code: "internal", message: "It could not be told." });
        }
      },
    });
    await user.click(within(panel()).getByRole("button", { name: "Copy secret" }));
    await user.click(have());
    expect(await screen.findByRole("alert")).toHaveTextContent("It could not be told.");
    await user.click(have());
    await waitFor(() => expect(tries).toBe(2));
  });

  it("counts down by the clock, on whichever page one was, and says when one minute is left", async () => {
    const { user } = await showing();
    const timer = () => within(panel()).getByRole("timer");
    expect(timer()).toHaveTextContent(/^(10 min 0|9 min \d+) s left\. Then it is removed from Entra\.$/);
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    const link = screen.getByRole("link", { name: /A new secret waits for you$/ });
    expect(link).toHaveTextContent("A new secret waits for you");
    vi.useFakeTimers();
    await act(() => vi.advanceTimersByTimeAsync(300_000));
    fireEvent.click(link);
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(timer()).toHaveTextContent(/^(5 min 0|4 min \d+) s left/);
    await act(() => vi.advanceTimersByTimeAsync(240_000));
    expect(screen.getByRole("status")).toHaveTextContent("One minute is left for the new secret.");
    await act(() => vi.advanceTimersByTimeAsync(60_000));
    expect(panel()).toHaveTextContent("The time is over. The secret is being removed from Entra.");
    expect(within(panel()).queryByRole("button")).toBeNull();
  });

  it("is named when somebody wants to close the window or to leave", async () => {
    let ask: () => void = () => undefined;
    const { backend, user } = await showing(null, {
      watchClosing: async (onAsked) => {
        ask = onAsked;
      },
    });
    act(() => ask());
    const closing = await screen.findByRole("alertdialog", { name: "Close while changes are being made?" });
    expect(closing).toHaveTextContent("The new secret that waits for you is removed from Entra.");
    await expectNoViolations();
    await user.click(within(closing).getByRole("button", { name: "Keep it open" }));
    expect(backend.callsOf("keepOpen")).toHaveLength(1);
    await waitFor(() => expect(panel()).toBeVisible());
    await user.click(screen.getByRole("button", { name: "Leave the practice tenant" }));
    const leaving = await screen.findByRole("alertdialog", { name: "Leave while changes are being made?" });
    expect(leaving).toHaveTextContent("The new secret that waits for you is removed from Entra.");
  });

  it("hides its picture when the window loses the focus", async () => {
    const { backend, user } = await showing();
    await user.click(within(panel()).getByRole("button", { name: "Reveal secret" }));
    await waitFor(() => expect(picture()).toBeVisible());
    fireEvent.blur(window);
    await waitFor(() => expect(picture()).toBeNull());
    expect(backend.callsOf("hideSecret")).toHaveLength(1);
  });

  it("can be had after the page was reloaded", async () => {
    const { backend, user } = open(`/activity/${id}`, { listRuns: journal([showingRun(keychainLocked)], [], [id]) });
    await heading('the app "HR feed"');
    expect(within(panel()).getByRole("timer")).toHaveTextContent(/^(10 min 0|9 min \d+) s left/);
    await expectNoViolations();
    await user.click(within(panel()).getByRole("button", { name: "Copy secret" }));
    await user.click(have());
    expect(backend.callsOf("settleNewSecret")).toEqual([[id, true]]);
  });

  it("is nobody's here when the run goes on in another process", async () => {
    open(`/activity/${id}`, { listRuns: journal([showingRun()]) });
    await heading('the app "HR feed"');
    expect(screen.queryByRole("region", { name: "A new secret waits for you" })).toBeNull();
  });
});
