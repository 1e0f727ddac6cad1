import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { connection, notConnected } from "../testing/fixtures";
import { heading, open, tabTo } from "../testing/open";

describe("with the keyboard alone", () => {
  it("the whole job can be done: connect, set up an app, run, reveal, verify", async () => {
    const { backend, user } = open("/", {
      appInfo: async () => notConnected,
      connectPractice: async () => connection,
    });
    await heading("Inbound Access");
    await tabTo(user, screen.getByRole("radio", { name: /Imogen/ }));
    await tabTo(user, screen.getByRole("button", { name: "Sign in as Imogen Castellane" }));
    await user.keyboard("{Enter}");

    await heading("Connected to Brightwater Foods");
    await tabTo(user, screen.getByRole("button", { name: "Set up access" }));
    await user.keyboard("{Enter}");
    await heading("Set up access");
    await tabTo(user, screen.getByRole("link", { name: /A program outside Azure/ }));
    await user.keyboard("{Enter}");

    await heading("A program outside Azure");
    await tabTo(user, await screen.findByRole("textbox", { name: /Name of the app/ }));
    await user.keyboard("HR feed{Enter}");
    await heading("Five changes");
    await tabTo(user, screen.getByRole("button", { name: "Show the request of step 2" }));
    await user.keyboard(" ");
    expect(screen.getByText(/Prefer: create-if-missing/)).toBeVisible();
    await tabTo(user, screen.getByRole("button", { name: "Make these 5 changes" }));
    await user.keyboard("{Enter}");

    await heading("HR feed is set up");
    await tabTo(user, screen.getByRole("button", { name: "Reveal secret" }));
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("img", { name: /drawn as a picture/ })).toBeVisible();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("img", { name: /drawn as a picture/ })).toBeNull();
    await tabTo(user, screen.getByRole("button", { name: "Verify HR feed" }));
    await user.keyboard("{Enter}");
    await heading("HR feed");
    expect(backend.callsOf("verify")).toHaveLength(1);
  });

  it("a managed identity can be chosen", async () => {
    const { backend, user } = open("/setup/identity");
    const first = await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ });
    await tabTo(user, first);
    await user.keyboard(" ");
    expect(first).toBeChecked();
    await tabTo(user, screen.getByRole("button", { name: "See the plan" }));
    await user.keyboard("{Enter}");
    await heading("Five changes");
    expect(backend.callsOf("planSetup")).toHaveLength(1);
  });

  it("the content can be reached past the header and the navigation", async () => {
    const { user } = open("/activity");
    await heading("Activity");
    await tabTo(user, screen.getByRole("button", { name: "Skip to content" }));
    await user.keyboard("{Enter}");
    expect(screen.getByRole("main")).toHaveFocus();
  });
});
