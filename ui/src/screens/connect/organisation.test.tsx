import { act, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Backend } from "../../backend/backend";
import type { AppInfo, Asking } from "../../backend/types";
import { notConnected, problem, realConnection } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { sessionByHand } from "../../testing/scripted";
import { contoso, fabrikam, microsoftClients, noSettings, OWN_CLIENT } from "../../testing/sessionFixtures";

function openConnect(part: Partial<AppInfo> = {}, answers: Partial<Backend> = {}) {
  return open("/", { appInfo: async () => ({ ...notConnected, ...part }), ...answers });
}

const remembering = { settings: { ...noSettings, remembered: [contoso, fabrikam] } };
const clientId = () => screen.findByRole("textbox", { name: /Client ID/ });
const signIn = () => screen.getByRole("button", { name: "Sign in with your browser" });

describe("sign-in to one's own organisation", () => {
  it("asks for cloud, tenant and client, and signs in with the browser", async () => {
    const { backend, user } = openConnect();
    await user.type(await clientId(), OWN_CLIENT);
    await user.selectOptions(screen.getByRole("combobox", { name: "Cloud" }), "US Government L4");
    await user.type(screen.getByRole("textbox", { name: "Tenant" }), " contoso.us ");
    await expectNoViolations();
    await user.click(signIn());
    await heading("Connected to Contoso");
    expect(backend.callsOf("signIn")).toEqual([
      [{ cloud: "usGovL4", tenant: "contoso.us", way: "browser", clientId: OWN_CLIENT, account: null }],
    ]);
    expect(screen.queryByText("Practice tenant.")).toBeNull();
  });

  it("lets the account decide when no tenant is named", async () => {
    const { backend, user } = openConnect();
    await user.type(await clientId(), `${OWN_CLIENT}{Enter}`);
    await heading("Connected to Contoso");
    expect(backend.callsOf("signIn")[0]?.[0]).toMatchObject({ tenant: null, cloud: "global" });
  });

  it.each([
    ["nothing", "", "Enter the client id of your app registration, or choose one of Microsoft's apps."],
    ["something else", "Inbound Access", /^A client id has 36 characters/],
  ])("asks nobody with %s for a client id, and leads to the field", async (_, typed, words) => {
    const { backend, user } = openConnect();
    const field = await clientId();
    if (typed !== "") {
      await user.type(field, typed);
    }
    await user.click(signIn());
    expect(await screen.findByText(words)).toBeVisible();
    await waitFor(() => expect(field).toHaveFocus());
    expect(backend.callsOf("signIn")).toHaveLength(0);
    await expectNoViolations();
  });

  it("fills in the client that the settings have for this cloud and tenant", async () => {
    const other = "11111111-2222-4333-8444-555555555555";
    const { user } = openConnect({
      settings: {
        ...noSettings,
        clients: [
          { cloud: "global", tenant: "", clientId: OWN_CLIENT },
          { cloud: "global", tenant: "Fabrikam.com", clientId: other },
        ],
      },
    });
    expect(await clientId()).toHaveValue(OWN_CLIENT);
    await user.type(screen.getByRole("textbox", { name: "Tenant" }), "fabrikam.com");
    expect(await clientId()).toHaveValue(other);
    await user.selectOptions(screen.getByRole("combobox", { name: "Cloud" }), "China (21Vianet)");
    expect(await clientId()).toHaveValue("");
  });

  it("takes one of Microsoft's clients only as a conscious choice", async () => {
    const { backend, user } = openConnect();
    const microsoft = microsoftClients[0];
    await user.click(await screen.findByRole("radio", { name: /Microsoft Graph Command Line Tools/ }));
    expect(screen.getByText(microsoft?.meaning ?? "")).toBeVisible();
    expect(screen.queryByRole("textbox", { name: /Client ID/ })).toBeNull();
    expect(signIn()).toHaveAttribute("aria-disabled", "true");
    await user.click(signIn());
    await user.click(screen.getByRole("button", { name: "Other ways" }));
    expect(screen.getByRole("button", { name: "Get a code" })).toHaveAttribute("aria-disabled", "true");
    expect(backend.callsOf("signIn")).toHaveLength(0);
    await expectNoViolations();

    await user.click(screen.getByRole("checkbox", { name: "I understand what this means" }));
    await user.click(signIn());
    await heading("Connected to Contoso");
    expect(backend.callsOf("signIn")[0]?.[0]).toMatchObject({ clientId: microsoft?.clientId });
  });

  it.each([
    ["Get a code", "deviceCode", OWN_CLIENT],
    ["Use the Azure CLI", "azureCli", null],
    ["Use the Azure Developer CLI", "azureDeveloperCli", null],
  ])("has other ways behind one link: %s", async (button, way, client) => {
    const { backend, user } = openConnect();
    await user.type(await clientId(), OWN_CLIENT);
    expect(screen.queryByRole("button", { name: button })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Other ways" }));
    expect(screen.getByText(/Many organisations block it/)).toBeVisible();
    expect(screen.getByText(/cannot read roles to activate/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: button }));
    await heading("Connected to Contoso");
    expect(backend.callsOf("signIn")[0]?.[0]).toMatchObject({ way, clientId: client });
  });

  it("puts what Rust says of a field beside the field, and the rest in a box", async () => {
    const { user } = openConnect(
      {},
      {
        signIn: async () => {
          throw problem({
            code: "signInFailed",
            message: "contoso.com lives in another cloud.",
            advice: "Choose US Government L4.",
            fields: [{ field: "cloud", message: "This tenant lives in US Government L4." }],
          });
        },
      },
    );
    await user.type(await clientId(), OWN_CLIENT);
    await user.click(signIn());
    const alert = await screen.findByTestId("problem");
    expect(alert).toHaveTextContent("contoso.com lives in another cloud.");
    const cloud = screen.getByRole("combobox", { name: "Cloud" });
    expect(cloud).toBeInvalid();
    expect(cloud).toHaveAccessibleDescription(/This tenant lives in US Government L4/);
    await waitFor(() => expect(cloud).toHaveFocus());
    expect(await clientId()).toHaveValue(OWN_CLIENT);
    await expectNoViolations();
  });

  it("says when a practice tenant plays the clouds", async () => {
    openConnect({ cloudsArePlayed: true });
    expect(await screen.findByText(/A practice tenant plays the clouds here/)).toBeVisible();
  });

  it("keeps what was typed while one reads how to register a client, with each value to copy", async () => {
    const { backend, user } = openConnect();
    await user.type(await clientId(), "2f6d");
    await user.click(screen.getByRole("button", { name: "How do I register one?" }));
    const title = await heading("Register an app to sign in with");
    await waitFor(() => expect(title).toHaveFocus());
    await expectNoViolations();
    for (const [what, value] of [
      ["Name", "Inbound Access"],
      ["Redirect URI", "http://localhost"],
      ["User.Read", "User.Read"],
      ["Application.Read.All", "Application.Read.All"],
      ["Application.ReadWrite.All", "Application.ReadWrite.All"],
      ["AppRoleAssignment.ReadWrite.All", "AppRoleAssignment.ReadWrite.All"],
      ["RoleEligibilitySchedule.Read.Directory", "RoleEligibilitySchedule.Read.Directory"],
      ["RoleAssignmentSchedule.ReadWrite.Directory", "RoleAssignmentSchedule.ReadWrite.Directory"],
      ["Policy.Read.All", "Policy.Read.All"],
    ]) {
      await user.click(screen.getByRole("button", { name: `Copy ${what}` }));
      expect(backend.callsOf("copyText").at(-1)).toEqual([value]);
    }
    expect(screen.getByText("Accounts in this organizational directory only")).toBeVisible();
    expect(screen.getByText("Mobile and desktop applications")).toBeVisible();
    expect(screen.getByText("Allow public client flows")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Open the Entra admin center" }));
    expect(backend.callsOf("openLink")[0]?.[0]).toMatch(/^https:\/\/entra\.microsoft\.com\//);
    await user.click(screen.getByRole("button", { name: "Back to signing in" }));
    await heading("Inbound Access");
    expect(await clientId()).toHaveValue("2f6d");
  });

  it("tests a client and says how to mend it", async () => {
    const { backend, user } = openConnect();
    await user.type(screen.queryByRole("textbox", { name: "Tenant" }) ?? (await tenantField()), "contoso.com");
    const test = screen.getByRole("button", { name: "Test it" });
    expect(test).toHaveAttribute("aria-disabled", "true");
    await user.type(await clientId(), OWN_CLIENT);
    await user.click(screen.getByRole("button", { name: "Test it" }));
    const findings = await screen.findByRole("list", { name: "What was looked at" });
    expect(screen.getByText(/This client cannot be used yet/, { selector: "strong *" })).toBeVisible();
    expect(findings).toHaveTextContent("How to mend it: Under Authentication, add the platform");
    expect(backend.callsOf("testClient")).toEqual([["global", "contoso.com", OWN_CLIENT]]);
    await expectNoViolations();
    // A test says nothing of another client.
    await user.type(await clientId(), "0");
    expect(screen.queryByRole("list", { name: "What was looked at" })).toBeNull();
  });

  it("has the settings at hand before anybody is signed in", async () => {
    const { user } = openConnect();
    await user.click(await screen.findByRole("button", { name: "Settings" }));
    await heading("Settings");
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Back to signing in" }));
    await heading("Inbound Access");
  });
});

function tenantField() {
  return screen.findByRole("textbox", { name: "Tenant" });
}

describe("the tenants one was in before", () => {
  it("come first, the last one first, and one press signs in again", async () => {
    const { backend, user } = openConnect(remembering);
    const button = await screen.findByRole("button", { name: "Sign in to Contoso as admin@contoso.com" });
    const titles = screen.getAllByRole("heading", { level: 2 }).map((title) => title.textContent);
    expect(titles).toEqual(["Your organisation", "Practice tenant"]);
    expect(screen.queryByRole("textbox", { name: /Client ID/ })).toBeNull();
    await expectNoViolations();
    await user.click(button);
    await heading("Connected to Contoso");
    expect(backend.callsOf("signIn")).toEqual([
      [
        {
          cloud: "global",
          tenant: contoso.tenantId,
          way: "browser",
          clientId: OWN_CLIENT,
          account: "admin@contoso.com",
        },
      ],
    ]);
  });

  it("can be signed in to with another account", async () => {
    const { backend, user } = openConnect(remembering);
    await user.click(await screen.findByRole("button", { name: "Use another account in Fabrikam" }));
    await heading("Connected to Contoso");
    expect(backend.callsOf("signIn")[0]?.[0]).toMatchObject({ cloud: "usGovL4", way: "azureCli", account: null });
  });

  it("can be forgotten", async () => {
    const { backend, user } = openConnect(remembering, {
      forgetTenant: async () => ({ ...noSettings, remembered: [fabrikam] }),
    });
    await user.click(await screen.findByRole("button", { name: "Forget Contoso" }));
    await waitFor(() => expect(screen.queryByText("Contoso")).toBeNull());
    expect(backend.callsOf("forgetTenant")).toEqual([["global", contoso.tenantId]]);
    expect(screen.getByText("Fabrikam")).toBeVisible();
  });

  it("leave room for a tenant that is new", async () => {
    const { user } = openConnect(remembering);
    await user.click(await screen.findByRole("button", { name: "Sign in somewhere else" }));
    expect(await clientId()).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Back to the tenants you were in" }));
    expect(screen.getByRole("button", { name: /^Sign in to Contoso/ })).toBeVisible();
  });
});

describe("while it signs in", () => {
  async function asking(how: Asking) {
    const session = sessionByHand();
    const opened = openConnect(remembering, session);
    await opened.user.click(await screen.findByRole("button", { name: /^Sign in to Contoso/ }));
    expect(screen.getByText("Getting ready to sign in…")).toBeVisible();
    await waitFor(() => expect(screen.getByText(/^Signing in to/, { selector: "p" })).toHaveFocus());
    await act(async () => session.tell({ kind: "asking", why: { kind: "connect" }, how }));
    return { ...opened, session };
  }

  it("says to finish in the browser; the link is Rust's to copy and open", async () => {
    const { backend, session, user } = await asking({ kind: "browser", notOpened: null });
    expect(screen.getByText("Finish in your browser")).toBeVisible();
    expect(screen.getByRole("radio", { name: /Imogen/ })).toBeDisabled();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Copy the link" }));
    expect(await screen.findAllByText(/The link is copied/)).not.toHaveLength(0);
    await user.click(screen.getByRole("button", { name: "Open it again" }));
    expect(backend.callsOf("copySignInLink")).toHaveLength(1);
    expect(backend.callsOf("openSignInPage")).toHaveLength(1);
    expect(screen.queryByRole("button", { name: "Use a device code instead" })).toBeNull();
    await act(async () => session.accept(realConnection));
    const title = await heading("Connected to Contoso");
    await waitFor(() => expect(title).toHaveFocus());
  });

  it("can be cancelled, and stands where it stood before", async () => {
    const { backend, session, user } = await asking({ kind: "browser", notOpened: null });
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(backend.callsOf("cancelSignIn")).toHaveLength(1);
    await act(async () => session.refuse(problem({ code: "cancelled", message: "Signing in was cancelled." })));
    expect(await screen.findAllByText("Sign-in was cancelled. Nothing was changed.")).not.toHaveLength(0);
    expect(screen.queryByRole("alert")).toBeNull();
    await waitFor(() => expect(screen.getByRole("button", { name: /^Sign in to Contoso/ })).toHaveFocus());
  });

  it("stays cancelled when it succeeds all the same, here and in Rust", async () => {
    const { backend, session, user } = await asking({ kind: "browser", notOpened: null });
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await act(async () => session.accept(realConnection));
    expect(await screen.findAllByText("Sign-in was cancelled. Nothing was changed.")).not.toHaveLength(0);
    expect(backend.callsOf("disconnect")).toHaveLength(1);
    expect(screen.queryByRole("navigation")).toBeNull();
  });

  it("says why the browser did not open, and takes a device code instead", async () => {
    const { backend, session, user } = await asking({ kind: "browser", notOpened: "No browser is installed." });
    expect(screen.getByText("Your browser could not be opened")).toBeVisible();
    expect(screen.getByText(/No browser is installed\./)).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Use a device code instead" }));
    expect(backend.callsOf("cancelSignIn")).toHaveLength(1);
    await act(async () => session.refuse(problem({ code: "cancelled" })));
    await waitFor(() => expect(backend.callsOf("signIn")).toHaveLength(2));
    expect(backend.callsOf("signIn")[1]?.[0]).toMatchObject({ way: "deviceCode", account: "admin@contoso.com" });
  });

  it("says so when the link cannot be copied", async () => {
    const session = sessionByHand();
    const { user } = openConnect(remembering, {
      ...session,
      copySignInLink: async () => {
        throw problem({ code: "internal", message: "The clipboard is in use.", advice: null });
      },
    });
    await user.click(await screen.findByRole("button", { name: /^Sign in to Contoso/ }));
    await act(async () =>
      session.tell({ kind: "asking", why: { kind: "connect" }, how: { kind: "browser", notOpened: null } }),
    );
    await user.click(screen.getByRole("button", { name: "Copy the link" }));
    expect(await screen.findAllByText("The clipboard is in use.")).not.toHaveLength(0);
  });

  it("shows a device code large and to copy, with its page and the time that is left", async () => {
    const expires = new Date(Date.now() + 899_500).toISOString();
    const { backend, user } = await asking({
      kind: "deviceCode",
      userCode: "HXQK4RTPZ",
      url: "https://login.microsoftonline.com/device",
      expires,
    });
    expect(screen.getByText("HXQK4RTPZ")).toBeVisible();
    expect(screen.getByRole("timer")).toHaveTextContent(/^1[45]:\d\d left$/);
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Copy the code" }));
    await user.click(screen.getByRole("button", { name: "Copy Sign-in page" }));
    expect(backend.callsOf("copyText")).toEqual([["HXQK4RTPZ"], ["https://login.microsoftonline.com/device"]]);
    await user.click(screen.getByRole("button", { name: "Open the page" }));
    expect(backend.callsOf("openSignInPage")).toHaveLength(1);
  });

  it("counts the device code down to its end", async () => {
    await asking({
      kind: "deviceCode",
      userCode: "HXQK4RTPZ",
      url: "https://login.microsoftonline.com/device",
      expires: new Date(Date.now() + 60_000).toISOString(),
    });
    const now = Date.now();
    vi.spyOn(Date, "now").mockReturnValue(now + 61_000);
    await waitFor(() => expect(screen.getByRole("timer")).toHaveTextContent("The code has run out."));
  });

  it("says which tool is asked", async () => {
    await asking({ kind: "tool", name: "Azure CLI" });
    expect(screen.getByText("Asking Azure CLI who is signed in…")).toBeVisible();
    await expectNoViolations();
  });
});
