import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../backend/backend";
import { toProblem } from "../../backend/problem";
import type { ConnectionView, Reset } from "../../backend/types";
import { connection, notConnected, problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { can, needsOther, notKnown, preflight } from "../../testing/sessionFixtures";

const appInfo: Backend["appInfo"] = async () => notConnected;

describe("Connect", () => {
  it("offers the practice tenant and its people beside one's own organisation", async () => {
    open("/", { appInfo });
    await heading("Inbound Access");
    expect(screen.getByRole("heading", { name: "Practice tenant" })).toBeVisible();
    expect(within(screen.getByRole("radiogroup", { name: "Sign in as" })).getAllByRole("radio")).toHaveLength(4);
    expect(screen.getByRole("radio", { name: /Imogen Castellane · Global Administrator/ })).toBeChecked();
    expect(screen.getByRole("heading", { name: "Your organisation" })).toBeVisible();
    expect(screen.queryByRole("navigation")).toBeNull();
    await expectNoViolations();
  });

  it("signs in as the chosen person and shows the tenant, the roles and what one can do", async () => {
    const { backend, user } = open("/", {
      appInfo,
      connectPractice: async () => ({
        ...connection,
        roles: ["Application Administrator"],
        abilities: [
          { what: "Register an app", standing: { ...can, reason: "You are Application Administrator." } },
          { what: "Grant the permissions", standing: needsOther },
          { what: "Look at a principal", standing: notKnown },
        ],
      }),
      preflight: async () => ({
        ...preflight,
        abilities: [
          { what: "Register an app", standing: { ...can, reason: "You are Application Administrator." } },
          { what: "Grant the permissions", standing: needsOther },
          { what: "Look at a principal", standing: notKnown },
        ],
      }),
    });
    await user.click(await screen.findByRole("radio", { name: /Aaliyah Okonjo/ }));
    await user.click(screen.getByRole("button", { name: "Sign in as Aaliyah Okonjo" }));
    const title = await heading("Connected to Brightwater Foods");
    await waitFor(() => expect(title).toHaveFocus());
    expect(backend.callsOf("connectPractice")).toEqual([["applicationAdministrator"]]);
    await screen.findByText("Register an app");
    const items = screen.getAllByRole("listitem").map((item) => item.textContent);
    expect(items).toContain("Register an appYou canYou are Application Administrator.");
    expect(items).toContain(
      `Grant the permissionsNeeds Privileged Role Administrator or Global Administrator${needsOther.reason}`,
    );
    expect(items).toContain(`Look at a principalUnknown, may still work${notKnown.reason}`);
    await expectNoViolations();
  });

  it("can be cancelled while it signs in, and says that nothing was changed", async () => {
    let refuse: (thrown: unknown) => void = () => undefined;
    const { backend, user } = open("/", {
      appInfo,
      connectPractice: () =>
        new Promise<ConnectionView>((_, reject) => {
          refuse = reject;
        }),
      disconnect: async () => refuse(problem({ code: "cancelled", message: "Signing in was cancelled." })),
    });
    await user.click(await screen.findByRole("button", { name: "Sign in as Imogen Castellane" }));
    expect(screen.getByRole("radio", { name: /Imogen/ })).toBeDisabled();
    await expectNoViolations();
    const signIn = screen.getByRole("button", { name: "Sign in as Imogen Castellane" });
    expect(signIn).toHaveFocus();
    await user.click(screen.getByRole("button", { name: "Cancel sign-in" }));
    expect(await screen.findAllByText("Sign-in was cancelled. Nothing was changed.")).not.toHaveLength(0);
    expect(screen.queryByRole("alert")).toBeNull();
    expect(signIn).toBeEnabled();
    expect(signIn).not.toHaveAttribute("aria-disabled", "true");
    expect(signIn).toHaveFocus();
    expect(backend.callsOf("disconnect")).toHaveLength(1);
  });

  it("stays cancelled when the sign-in succeeds all the same, here and in Rust", async () => {
    let answer: (connection: ConnectionView) => void = () => undefined;
    const { backend, user } = open("/", {
      appInfo,
      connectPractice: () =>
        new Promise<ConnectionView>((resolve) => {
          answer = resolve;
        }),
    });
    await user.click(await screen.findByRole("button", { name: "Sign in as Imogen Castellane" }));
    await user.click(screen.getByRole("button", { name: "Cancel sign-in" }));
    answer(connection);
    expect(await screen.findAllByText("Sign-in was cancelled. Nothing was changed.")).not.toHaveLength(0);
    expect(backend.calls.at(-1)).toEqual(["disconnect"]);
    expect(screen.queryByRole("navigation")).toBeNull();
  });

  it("says what happened, what exists and what to do when sign-in fails, and tries again", async () => {
    let tries = 0;
    const { user } = open("/", {
      appInfo,
      connectPractice: async () => {
        tries += 1;
        if (tries === 1) {
          throw problem({ message: "The practice tenant did not start.", advice: "Close other copies of the app." });
        }
        return connection;
      },
    });
    await user.click(await screen.findByRole("button", { name: "Sign in as Imogen Castellane" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("The practice tenant did not start.");
    expect(alert).toHaveTextContent("What exists nowNothing was changed.");
    expect(alert).toHaveTextContent("What you can doClose other copies of the app.");
    await expectNoViolations();
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    await heading("Connected to Brightwater Foods");
  });

  it("resets the practice tenant only after asking", async () => {
    const { backend, user } = open("/", { appInfo });
    await user.click(await screen.findByRole("button", { name: "Reset the practice tenant…" }));
    const dialog = await screen.findByRole("dialog", { name: "Reset the practice tenant?" });
    expect(dialog).toHaveTextContent("This cannot be undone.");
    await expectNoViolations();
    await user.click(within(dialog).getByRole("button", { name: "Keep it as it is" }));
    expect(backend.callsOf("resetPractice")).toHaveLength(0);
    await user.click(await screen.findByRole("button", { name: "Reset the practice tenant…" }));
    await user.click(await screen.findByRole("button", { name: "Reset the practice tenant" }));
    expect(await screen.findAllByText("The practice tenant is as on the first day again.")).not.toHaveLength(0);
    expect(backend.callsOf("resetPractice")).toHaveLength(1);
  });

  it("cannot be turned away from while the practice tenant is reset", async () => {
    let done: (reset: Reset) => void = () => undefined;
    const { user } = open("/", {
      appInfo,
      resetPractice: () =>
        new Promise<Reset>((resolve) => {
          done = resolve;
        }),
    });
    await user.click(await screen.findByRole("button", { name: "Reset the practice tenant…" }));
    const button = await screen.findByRole("button", { name: "Reset the practice tenant" });
    await user.click(button);
    expect(await screen.findAllByText("Resetting the practice tenant…")).toHaveLength(2);
    expect(button).toHaveFocus();
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Keep it as it is" }));
    expect(screen.getByRole("dialog")).toBeVisible();
    await expectNoViolations();
    done({ left: "One secret stays in the keychain." });
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(await screen.findByText("One secret stays in the keychain.")).toBeVisible();
  });

  it("shows a skeleton while the app asks Rust, and the problem when Rust cannot answer", async () => {
    let refuse: (thrown: unknown) => void = () => undefined;
    open("/", {
      appInfo: () =>
        new Promise<never>((_, reject) => {
          refuse = reject;
        }),
    });
    expect(await screen.findByRole("main")).toHaveAttribute("aria-busy", "true");
    await expectNoViolations();
    refuse(toProblem("app_info not allowed by ACL"));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("app_info not allowed by ACL");
    await expectNoViolations();
  });
});
