import { act, render, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { connection, logicApp, notConnected, problem } from "../testing/fixtures";
import { expectNoViolations, heading, open } from "../testing/open";
import { doneRun, runWith } from "../testing/runFixtures";
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
    expect(links.map((link) => link.textContent)).toEqual(["Set up", "Verify", "Activity"]);
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
      listRuns: async () => [{ ...doneRun, handOver: { ...doneRun.handOver, principal: broken } as never }],
    });
    await heading("This page could not be drawn");
    expect(screen.getByRole("alert")).toHaveTextContent("bad card");
    expect(screen.getByText("Practice tenant.")).toBeVisible();
    expect(backend.callsOf("reportFault")).toContainEqual(["page: bad card"]);
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
