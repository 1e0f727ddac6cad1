import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Backend } from "../../backend/backend";
import type { Revealed } from "../../backend/types";
import { app, logicApp, problem, TENANT } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { doneRun, handOver } from "../../testing/runFixtures";
import { media } from "../../testing/setup";

async function done(answers: Partial<Backend> = {}) {
  const opened = open("/setup/identity", answers);
  await opened.user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
  await opened.user.click(screen.getByRole("button", { name: "See the plan" }));
  await opened.user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
  await heading(/is set up$/);
  return opened;
}

const picture = () => screen.queryByRole("img", { name: /^The client secret, drawn as a picture/ });

async function revealed(answers: Partial<Backend> = {}) {
  const opened = await done(answers);
  await opened.user.click(screen.getByRole("button", { name: "Reveal secret" }));
  await waitFor(() => expect(picture()).toBeVisible());
  return opened;
}

afterEach(() => vi.useRealTimers());

describe("the hand-over", () => {
  it("gives a verdict and what the API developer needs, each with copy", async () => {
    const { backend, user } = await done();
    const title = await heading("HR feed is set up");
    await waitFor(() => expect(title).toHaveFocus());
    expect(screen.getByText("It can upload users and read the logs.")).toBeVisible();
    for (const [what, value] of [
      ["Client ID", app.clientId],
      ["Tenant ID", TENANT],
      ["Token address", handOver.tokenUrl],
      ["Scope", "https://graph.microsoft.com/.default"],
    ]) {
      await user.click(screen.getByRole("button", { name: `Copy ${what}` }));
      expect(backend.callsOf("copyText").at(-1)).toEqual([value]);
      await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent(`${what} copied.`));
    }
    expect(screen.getByText(/kept in the Windows Credential Manager on this computer/)).toBeVisible();
    expect(screen.getByText("May 24, 2027")).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Verify HR feed" }));
    await waitFor(() => expect(backend.callsOf("verify")[0]?.[0]).toBe(app.objectId));
    expect(screen.getByRole("combobox", { name: "Checked against" })).toHaveDisplayValue("As in the how-to");
  });

  it("leads to a check against what was set up, be it one of the sets or none", async () => {
    const narrower = ["ProvisioningLog.Read.All", "SynchronizationData-User.Upload"];
    const first = await done({
      runPlan: async () => ({ ...doneRun, handOver: { ...handOver, permissions: narrower } }),
    });
    await first.user.click(screen.getByRole("button", { name: "Verify HR feed" }));
    expect(await screen.findByRole("combobox", { name: "Checked against" })).toHaveDisplayValue("Narrower");
    first.unmount();

    const other = ["SynchronizationData-User.Upload", "Synchronization.Read.All"];
    const { backend, user } = await done({
      runPlan: async () => ({ ...doneRun, handOver: { ...handOver, permissions: other } }),
    });
    await user.click(screen.getByRole("button", { name: "Verify HR feed" }));
    expect(await screen.findByRole("combobox", { name: "Checked against" })).toHaveDisplayValue(
      "As set up: SynchronizationData-User.Upload, Synchronization.Read.All",
    );
    expect(backend.callsOf("verify")[0]?.[1]).toEqual(other);
  });

  it("has no secret to show for a managed identity", async () => {
    await done({ runPlan: async () => ({ ...doneRun, handOver: { ...handOver, principal: logicApp, secret: null } }) });
    expect(screen.getByText(/There is no secret to hand over/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Reveal secret" })).toBeNull();
    await expectNoViolations();
  });

  it("starts afresh with Set up another", async () => {
    const { user } = await done();
    await user.click(screen.getByRole("button", { name: "Set up another" }));
    await heading("Set up access");
    await user.click(screen.getByRole("link", { name: "Set up" }));
    await heading("Set up access");
  });
});

describe("the secret", () => {
  it("is copied by Rust, and the page says when the clipboard is cleared", async () => {
    const { backend, user } = await done();
    await user.click(screen.getByRole("button", { name: "Copy secret" }));
    expect(backend.callsOf("copySecret")).toEqual([[app.clientId, handOver.secret?.keyId]]);
    expect(
      await screen.findAllByText(/It is cleared after 30 seconds unless you copy something else/),
    ).not.toHaveLength(0);
    expect(backend.callsOf("copyText")).toHaveLength(0);
    await expectNoViolations();
  });

  it("is told to be on the clipboard for as long as it is there, also while it is revealed", async () => {
    const { user } = await revealed();
    const notice = () => screen.queryByText(/^The secret is on the clipboard/, { selector: "main *" });
    await user.click(screen.getByRole("button", { name: "Copy secret" }));
    await waitFor(() => expect(notice()).toBeVisible());
    expect(picture()).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Copy Client ID" }));
    await waitFor(() => expect(notice()).toBeNull());

    vi.useFakeTimers();
    fireEvent.click(screen.getByRole("button", { name: "Copy secret" }));
    await act(() => vi.advanceTimersByTimeAsync(0));
    await act(() => vi.advanceTimersByTimeAsync(29_000));
    expect(notice()).toBeVisible();
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(notice()).toBeNull();
  });

  it("is told to be on the clipboard after a look at another page", async () => {
    const { user } = await done();
    await user.click(screen.getByRole("button", { name: "Copy secret" }));
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    await user.click(screen.getByRole("link", { name: "Set up" }));
    expect(await screen.findByText(/^The secret is on the clipboard/, { selector: "main *" })).toBeVisible();
  });

  it("is shown as a picture only, whose words do not tell it", async () => {
    const { backend } = await revealed();
    expect(backend.callsOf("revealSecret")).toEqual([[app.clientId, handOver.secret?.keyId, false]]);
    const shown = picture();
    expect(shown).toHaveAttribute("src", "reveal://localhost/a1b2");
    expect(shown).toHaveAttribute("width", "320");
    expect(shown).toHaveAttribute("height", "48");
    expect(screen.getByText(/Hides in 20 seconds/)).toBeVisible();
    expect(screen.getByRole("status")).toHaveTextContent("The secret is shown for 20 seconds.");
    await expectNoViolations();
  });

  it("is drawn for the theme at hand", async () => {
    media.add("(prefers-color-scheme: dark)");
    const { backend } = await revealed();
    expect(backend.callsOf("revealSecret")[0]?.[2]).toBe(true);
  });

  it.each<[string, (user: Awaited<ReturnType<typeof revealed>>["user"]) => unknown]>([
    ["its button is pressed again", (user) => user.click(screen.getByRole("button", { name: "Hide secret" }))],
    ["Escape is pressed", (user) => user.keyboard("{Escape}")],
    ["the window loses the focus", () => fireEvent.blur(window)],
  ])("is gone when %s, here and in Rust", async (_, act) => {
    const { backend, user } = await revealed();
    await act(user);
    await waitFor(() => expect(picture()).toBeNull());
    expect(backend.callsOf("hideSecret")).toHaveLength(1);
    expect(document.documentElement.outerHTML).not.toContain("reveal://");
    expect(screen.getByRole("button", { name: "Reveal secret" })).toHaveAttribute("aria-expanded", "false");
  });

  it("is gone when the window is hidden", async () => {
    const { backend } = await revealed();
    vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
    fireEvent(document, new Event("visibilitychange"));
    await waitFor(() => expect(picture()).toBeNull());
    expect(backend.callsOf("hideSecret")).toHaveLength(1);
  });

  it("is gone when another page is shown", async () => {
    const { backend, user } = await revealed();
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    expect(backend.callsOf("hideSecret")).toHaveLength(1);
    await user.click(screen.getByRole("link", { name: "Set up" }));
    await heading("HR feed is set up");
    expect(picture()).toBeNull();
  });

  it("is gone when its seconds are over", async () => {
    const { backend } = await done();
    vi.useFakeTimers();
    fireEvent.click(screen.getByRole("button", { name: "Reveal secret" }));
    await act(() => vi.advanceTimersByTimeAsync(0));
    expect(picture()).not.toBeNull();
    await act(() => vi.advanceTimersByTimeAsync(19_000));
    expect(screen.getByText(/Hides in 1 second,/)).toBeInTheDocument();
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(picture()).toBeNull();
    expect(backend.callsOf("hideSecret")).toHaveLength(1);
  });

  it("is not shown when it comes after one has gone", async () => {
    let answer: (revealed: Revealed) => void = () => undefined;
    const { backend, user } = await done({
      revealSecret: () =>
        new Promise<Revealed>((resolve) => {
          answer = resolve;
        }),
    });
    await user.click(screen.getByRole("button", { name: "Reveal secret" }));
    expect(screen.getByText("Reading the keychain…")).toBeVisible();
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    const before = backend.callsOf("hideSecret").length;
    await act(async () => answer({ imageUrl: "reveal://localhost/late", width: 1, height: 1, seconds: 20 }));
    expect(document.documentElement.outerHTML).not.toContain("reveal://");
    expect(backend.callsOf("hideSecret").length).toBe(before + 1);
  });

  it.each<[string, () => unknown]>([
    ["has lost the focus", () => vi.spyOn(document, "hasFocus").mockReturnValue(false)],
    ["is hidden", () => vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden")],
  ])("is not shown when the window %s until it comes", async (_, leave) => {
    const { backend, user } = await done();
    leave();
    await user.click(screen.getByRole("button", { name: "Reveal secret" }));
    expect(await screen.findAllByText(/this window was not in front any more/)).not.toHaveLength(0);
    expect(picture()).toBeNull();
    expect(document.documentElement.outerHTML).not.toContain("reveal://");
    expect(backend.callsOf("hideSecret")).toHaveLength(1);
  });

  it("says so when the picture has expired", async () => {
    await revealed();
    const shown = picture();
    expect(shown).not.toBeNull();
    fireEvent.error(shown as HTMLElement);
    expect(await screen.findByText(/The picture of the secret has expired/)).toBeVisible();
    expect(picture()).toBeNull();
  });

  it.each(["keychainLocked", "keychainDeclined", "secretNotFound"] as const)(
    "says what to do when the keychain says %s",
    async (code) => {
      const { user } = await done({
        revealSecret: async () => {
          throw problem({
            code,
            message: "The keychain keeps the secret back.",
            advice: "Unlock it, then press again.",
          });
        },
      });
      await user.click(screen.getByRole("button", { name: "Reveal secret" }));
      const alert = await screen.findByRole("alert");
      expect(alert).toHaveTextContent("The keychain keeps the secret back.");
      expect(within(alert).getByText("Unlock it, then press again.")).toBeVisible();
      await expectNoViolations();
    },
  );

  it("cannot be in the page: no type that Rust sends has a place for it", async () => {
    const types = (await import("../../backend/types.ts?raw")).default;
    const fields = [...types.matchAll(/^(\w+): /gm)].map(([, name]) => name);
    expect(fields.length).toBeGreaterThan(100);
    expect(
      fields.filter((name) => /secretText|secretValue|password|accessToken|refreshToken/i.test(name ?? "")),
    ).toEqual([]);
    const place = /export type SecretPlace = \{([\s\S]*?)\};/.exec(types)?.[1] ?? "";
    expect([...place.matchAll(/^(\w+): /gm)].map(([, name]) => name)).toEqual([
      "keychain",
      "service",
      "account",
      "description",
      "expires",
      "keyId",
      "clientId",
    ]);
    const shown = /export type ShownSecret = \{([\s\S]*?)\};/.exec(types)?.[1] ?? "";
    expect([...shown.matchAll(/^(\w+): /gm)].map(([, name]) => name)).toEqual([
      "description",
      "expires",
      "keyId",
      "clientId",
    ]);
  });
});
