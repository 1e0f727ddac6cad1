import { act, render, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Backend } from "../backend/backend";
import { connection, logicApp, notConnected, problem } from "../testing/fixtures";
import { expectNoViolations, heading, open } from "../testing/open";
import { doneRun, journal, runWith } from "../testing/runFixtures";
import { runByHand, scripted } from "../testing/scripted";
import { media } from "../testing/setup";
import { App } from "./App";
import { makeRenderer } from "./nonce";

describe("the frame", () => {
  it("keeps the tenant, the account and the practice banner in sight on every page", async () => {
    const { user } = open("/setup");
    await heading("Set up access");
    for (const page of ["Verify", "Activity", "Set up"]) {
      await user.click(within(screen.getByRole("navigation")).getByRole("link", { name: page }));
      await heading(page === "Set up" ? "Set up access" : page);
      expect(screen.getByRole("button", { name: /^Tenant Brightwater Foods/ })).toBeVisible();
      expect(screen.getByRole("button", { name: /^Signed in as imogen/ })).toBeVisible();
      expect(screen.getByText("Practice tenant.")).toBeVisible();
      expect(screen.getByRole("link", { name: page })).toHaveAttribute("aria-current", "page");
    }
  });

  it("shows what is built and nothing else", async () => {
    open("/setup");
    await heading("Set up access");
    const links = within(screen.getByRole("navigation")).getAllByRole("link");
    expect(links.map((link) => link.textContent)).toEqual([
      "Set up",
      "Verify",
      "Who has access",
      "Activity",
      "Settings",
    ]);
  });

  it("shows no practice banner on a real tenant", async () => {
    open("/setup", { appInfo: async () => ({ ...notConnected, connection: { ...connection, practice: false } }) });
    await heading("Set up access");
    expect(screen.queryByText("Practice tenant.")).toBeNull();
  });

  it("moves the focus to the heading of each page", async () => {
    const { user } = open("/setup");
    await heading("Set up access");
    await user.click(screen.getByRole("link", { name: "Activity" }));
    const title = await heading("Activity");
    await waitFor(() => expect(title).toHaveFocus());
    expect(document.title).toBe("Activity – Inbound Access");
  });

  it("tells the whole tenant on demand, with its id to copy", async () => {
    const { backend, user } = open("/setup");
    await user.click(await screen.findByRole("button", { name: /^Tenant Brightwater Foods/ }));
    await user.click(await screen.findByRole("button", { name: "Copy Tenant ID" }));
    expect(backend.callsOf("copyText")).toEqual([[connection.tenantId]]);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("button", { name: "Copy Tenant ID" })).toBeNull();
  });

  it("leaves at once when nothing goes on", async () => {
    const { backend, user } = open("/setup");
    await user.click(await screen.findByRole("button", { name: "Leave the practice tenant" }));
    await heading("Inbound Access");
    expect(backend.callsOf("disconnect")).toHaveLength(1);
  });

  it("asks before it leaves in the middle of a run, stops the run first and waits for its end", async () => {
    const run = runByHand();
    const { backend, user } = open("/setup/identity", {
      runPlan: run.runPlan,
      cancelRun: async () => run.end(runWith({}, { state: "cancelled" })),
    });
    await user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
    await heading("Making 5 changes");
    act(() => run.send({ kind: "started", run: runWith({}, { state: "running", ended: null }) }));

    await user.click(screen.getByRole("button", { name: "Leave the practice tenant" }));
    const dialog = await screen.findByRole("alertdialog", { name: "Leave while changes are being made?" });
    await expectNoViolations();
    await user.click(within(dialog).getByRole("button", { name: "Stay" }));
    expect(backend.callsOf("disconnect")).toHaveLength(0);

    await user.click(await screen.findByRole("button", { name: "Leave the practice tenant" }));
    await user.click(await screen.findByRole("button", { name: "Stop the run and leave" }));
    await heading("Inbound Access");
    const order = backend.calls.map(([method]) => method).filter((m) => m === "cancelRun" || m === "disconnect");
    expect(order).toEqual(["cancelRun", "disconnect"]);
  });

  it("says why it cannot leave, and tries again", async () => {
    let tries = 0;
    const { user } = open("/setup", {
      disconnect: async () => {
        tries += 1;
        if (tries === 1) {
          throw problem({ code: "busy", message: "A run is going on in this tenant." });
        }
      },
    });
    await user.click(await screen.findByRole("button", { name: "Leave the practice tenant" }));
    const dialog = await screen.findByRole("alertdialog", { name: "You are still signed in" });
    expect(within(dialog).getByTestId("problem")).toHaveTextContent("A run is going on in this tenant.");
    await expectNoViolations();
    await user.click(within(dialog).getByRole("button", { name: "Try to leave again" }));
    await heading("Inbound Access");
  });

  it("shows what cannot be seen of the tenant's name", async () => {
    const { container } = open("/setup", {
      appInfo: async () => ({ ...notConnected, connection: { ...connection, tenantName: "HR\u202Edeef" } }),
    });
    expect(await screen.findByRole("button", { name: "Tenant HRU+202Edeef · brightwater.example" })).toBeVisible();
    expect(container.innerHTML).not.toContain("\u202E");
  });

  it("keeps what was typed when the session ends in mid-task", async () => {
    const { user } = open("/setup/app", {
      planSetup: async () => {
        throw problem({ code: "notSignedIn", message: "Your session has ended.", advice: "Sign in again." });
      },
    });
    await user.type(await screen.findByRole("textbox", { name: /Name of the app/ }), "Payroll feed");
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await user.click(await screen.findByRole("button", { name: "Sign in again" }));
    await user.click(await screen.findByRole("button", { name: "Sign in as Imogen Castellane" }));
    expect(await screen.findByRole("textbox", { name: /Name of the app/ })).toHaveValue("Payroll feed");
  });

  it("tells Rust when the first picture is there", async () => {
    const { backend } = open("/setup");
    await waitFor(() => expect(backend.callsOf("windowReady")).toHaveLength(1));
  });

  it("reports a page that cannot be drawn, and says so in its place", async () => {
    const broken = {
      ...logicApp,
      get name(): string {
        throw new Error("bad card");
      },
    };
    const { backend } = open("/verify", {
      listRuns: journal([{ ...doneRun, handOver: { ...doneRun.handOver, principal: broken } as never }]),
    });
    await heading("This page could not be drawn");
    expect(screen.getByRole("alert")).toHaveTextContent("bad card");
    expect(screen.getByRole("alert")).toHaveTextContent("What you can doTry again, or go to another page.");
    expect(screen.getByText("Practice tenant.")).toBeVisible();
    expect(backend.callsOf("reportFault")).toContainEqual(["page: bad card"]);
  });
});

describe("closing the window in the middle of a run", () => {
  async function asked(answers: Partial<Backend> = {}) {
    const run = runByHand();
    let ask: () => void = () => undefined;
    const opened = open("/setup/identity", {
      runPlan: run.runPlan,
      watchClosing: async (onAsked) => {
        ask = onAsked;
      },
      ...answers,
    });
    await opened.user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
    await opened.user.click(screen.getByRole("button", { name: "See the plan" }));
    await opened.user.click(await screen.findByRole("button", { name: "Make these 5 changes" }));
    await heading("Making 5 changes");
    act(() => run.send({ kind: "started", run: runWith({}, { state: "running", ended: null }) }));
    act(() => ask());
    const dialog = await screen.findByRole("alertdialog", { name: "Close while changes are being made?" });
    return { ...opened, run, dialog };
  }

  it("is asked about, and stays open when the operator says so", async () => {
    const { backend, dialog, user } = await asked();
    expect(dialog).toHaveTextContent('The run for the app "HR feed" is still going on.');
    await expectNoViolations();
    await user.click(within(dialog).getByRole("button", { name: "Keep it open" }));
    expect(backend.callsOf("keepOpen")).toHaveLength(1);
    expect(backend.callsOf("closeWindow")).toHaveLength(0);
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  it("cancels the run and closes when the operator says so", async () => {
    const { backend, dialog, user } = await asked({ closeWindow: () => new Promise<never>(() => undefined) });
    await user.click(within(dialog).getByRole("button", { name: "Cancel the run and close" }));
    expect(backend.callsOf("closeWindow")).toHaveLength(1);
    expect(within(dialog).getByText("Stopping after the request that is on its way…")).toBeVisible();
    await user.keyboard("{Escape}");
    expect(dialog).toBeVisible();
    expect(backend.callsOf("keepOpen")).toHaveLength(0);
  });

  it("is asked about no longer when the run has ended", async () => {
    const { backend, run } = await asked();
    await act(async () => run.end(doneRun));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(backend.callsOf("keepOpen")).toHaveLength(1);
    await heading("HR feed is set up");
  });
});

describe("the theme", () => {
  const background = async () => {
    render(<App backend={scripted()} start="/setup" />);
    await heading("Set up access");
    const provider = document.querySelector(".fui-FluentProvider");
    return provider === null ? "" : getComputedStyle(provider).getPropertyValue("--colorNeutralBackground1").trim();
  };

  it("is light unless the system asks for something else", async () => {
    expect(await background()).toBe("#ffffff");
  });

  it("is dark when the system is", async () => {
    media.add("(prefers-color-scheme: dark)");
    expect(await background()).toBe("#292929");
  });

  it.each(["(forced-colors: active)", "(prefers-contrast: more)"])("is high contrast under %s", async (query) => {
    media.add(query);
    expect(await background()).toBe("#000000");
  });
});

describe("the content security policy", () => {
  it("gets its nonce on every style element", () => {
    const page = document.implementation.createHTMLDocument();
    page.head.innerHTML = '<style id="style-nonce" nonce="abc"></style>';
    const renderer = makeRenderer(page);
    expect(renderer.styleElementAttributes).toEqual({ nonce: "abc" });
  });

  it("is not needed where there is none", () => {
    expect(makeRenderer(document.implementation.createHTMLDocument()).styleElementAttributes).toBeUndefined();
  });
});
