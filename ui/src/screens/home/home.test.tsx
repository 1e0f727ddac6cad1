import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../backend/backend";
import type { Preflight } from "../../backend/types";
import { appInfo, problem, realConnection } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { appAdministrator, partlyRead, preflight, privilegedRoleAdministrator } from "../../testing/sessionFixtures";

function openHome(seen: Preflight, answers: Partial<Backend> = {}) {
  return open("/", { preflight: async () => seen, ...answers });
}

/** The value that stands beside a name. */
async function fact(name: string): Promise<HTMLElement> {
  const term = await screen.findByText(name, { selector: "dt" });
  return term.nextElementSibling as HTMLElement;
}

const abilities = async () => {
  await screen.findByRole("heading", { name: "What you can do" });
  const list = screen.getAllByRole("list").find((candidate) => candidate.textContent?.includes("Register an app"));
  return within(list as HTMLElement).getAllByRole("listitem");
};

describe("what one can do, before anything is begun", () => {
  it("is summed up in a sentence, with its facts", async () => {
    openHome(preflight);
    await screen.findByText("You can do the whole job.", { selector: "p *" });
    expect(screen.getByRole("status")).toHaveTextContent("You can do the whole job.");
    expect(await fact("Active roles")).toHaveTextContent("Global Administrator");
    expect(await fact("Roles to activate")).toHaveTextContent("None that you could activate");
    expect(await fact("This sign-in may")).toHaveTextContent("Read apps and managed identities · Application.Read.All");
    expect(await fact("Client secrets")).toHaveTextContent("New client secrets may live 180 days at most.");
    expect(await fact("Registering apps")).toHaveTextContent("Only who has a role for it may register apps.");
    expect(await fact("Licence")).toHaveTextContent("The tenant has Microsoft Entra ID P1.");
    for (const row of await abilities()) {
      expect(row).toHaveTextContent("You can");
    }
    await expectNoViolations();
  });

  it("tells apart what needs a role, what needs another person, and what is not known", async () => {
    openHome(partlyRead);
    const [register, grant, consent] = await abilities();
    expect(register).toHaveTextContent("Unknown, may still work");
    expect(grant).toHaveTextContent("Activate Privileged Role Administrator first");
    expect(
      within(grant as HTMLElement).getByRole("button", { name: "Activate Privileged Role Administrator…" }),
    ).toBeEnabled();
    expect(consent).toHaveTextContent("Needs Privileged Role Administrator or Global Administrator");
    expect(consent).toHaveTextContent("can grant Microsoft Graph permissions");
    await expectNoViolations();
  });

  it("asks for the scope that a part needs, and only when told to", async () => {
    let answer: (seen: Preflight) => void = () => undefined;
    const { backend, user } = openHome(partlyRead, {
      preflight: (ask) =>
        ask === ""
          ? Promise.resolve(partlyRead)
          : new Promise<Preflight>((resolve) => {
              answer = resolve;
            }),
    });
    const secrets = await fact("Client secrets");
    expect(secrets).toHaveTextContent("Not read yet: this sign-in does not carry Policy.Read.All.");
    expect(backend.callsOf("preflight")).toEqual([[""]]);
    await user.click(within(secrets).getByRole("button", { name: "Ask for Policy.Read.All" }));
    expect(within(await fact("Registering apps")).getByText("Asking…")).toBeVisible();
    expect(backend.callsOf("preflight")).toEqual([[""], ["policy"]]);
    await act(async () => answer(preflight));
    expect(await fact("Client secrets")).toHaveTextContent("New client secrets may live 180 days at most.");
    expect(screen.queryByRole("button", { name: "Ask for Policy.Read.All" })).toBeNull();
  });

  it("asks for the roles to activate, and says why it was not given", async () => {
    const { backend, user } = openHome(partlyRead, {
      preflight: async (ask) => {
        if (ask === "eligible") {
          throw problem({ code: "signInFailed", message: "An administrator must consent to this permission." });
        }
        return {
          ...partlyRead,
          eligible: {
            reading: { kind: "needsScope", scope: "RoleEligibilitySchedule.Read.Directory" },
            roles: [],
          },
        };
      },
    });
    await user.click(await screen.findByRole("button", { name: "Ask for RoleEligibilitySchedule.Read.Directory" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("An administrator must consent to this permission.");
    expect(backend.callsOf("preflight").at(-1)).toEqual(["eligible"]);
    // What was read before stands.
    expect(await fact("Licence")).toHaveTextContent("may not read");
    await expectNoViolations();
  });

  it("says why a part cannot be read at all", async () => {
    openHome({
      ...partlyRead,
      eligible: { reading: { kind: "notReadable", why: "Your role may not read the tenant's roles." }, roles: [] },
    });
    expect(await fact("Roles to activate")).toHaveTextContent("Your role may not read the tenant's roles.");
  });

  it("looks again on demand", async () => {
    const { backend, user } = openHome(preflight);
    await screen.findByText("You can do the whole job.", { selector: "p *" });
    await user.click(screen.getByRole("button", { name: "Look again" }));
    await waitFor(() => expect(backend.callsOf("preflight")).toEqual([[""], [""]]));
  });

  it("shows a skeleton while it reads, and what one can do about it when it cannot be read", async () => {
    let refuse: (thrown: unknown) => void = () => undefined;
    const { user } = open("/", {
      preflight: () =>
        new Promise<Preflight>((_, reject) => {
          refuse = reject;
        }),
    });
    await heading("Connected to Brightwater Foods");
    expect(screen.getByLabelText("Reading what you may do in Brightwater Foods…")).toBeVisible();
    expect(screen.getByRole("button", { name: "Set up access" })).toBeEnabled();
    await expectNoViolations();
    await act(async () => refuse(problem()));
    const alert = await screen.findByRole("alert");
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    expect(await screen.findByLabelText("Reading what you may do in Brightwater Foods…")).toBeVisible();
  });

  it("warns of a clock that is off", async () => {
    openHome(preflight, {
      appInfo: async () => ({ ...appInfo, connection: { ...realConnection, clockOffMinutes: -1440 } }),
    });
    expect(await screen.findByText(/differs from the tenant's by 1,440 minutes/)).toBeVisible();
    expect(await fact("Signed in")).toHaveTextContent("in the browser");
    await expectNoViolations();
  });
});

describe("the activation of a role", () => {
  const active: Preflight = {
    ...partlyRead,
    summary: "You can grant.",
    roles: ["Privileged Role Administrator"],
    eligible: { reading: { kind: "read" }, roles: [appAdministrator] },
    abilities: preflight.abilities,
  };

  async function asked(answers: Partial<Backend> = {}) {
    const opened = openHome(partlyRead, { activateRole: async () => active, ...answers });
    const [, grant] = await abilities();
    await opened.user.click(within(grant as HTMLElement).getByRole("button", { name: /^Activate Privileged/ }));
    const dialog = await screen.findByRole("dialog", { name: "Activate Privileged Role Administrator?" });
    return { ...opened, dialog };
  }

  it("says what will happen, asks why and for how long, and shows what is true after it", async () => {
    const { backend, dialog, user } = await asked();
    expect(dialog).toHaveTextContent("takes it back by itself");
    await expectNoViolations();
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "Set up the HR feed");
    await user.selectOptions(within(dialog).getByRole("combobox", { name: "For how long" }), "2 hours");
    await user.click(within(dialog).getByRole("button", { name: "Activate for 2 hours" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(backend.callsOf("activateRole")).toEqual([[privilegedRoleAdministrator.roleId, "Set up the HR feed", 2]]);
    const told = await screen.findByText("Privileged Role Administrator is active now.", {
      selector: ".fui-MessageBar *",
    });
    await waitFor(() => expect(told).toHaveFocus());
    expect(await fact("Active roles")).toHaveTextContent("Privileged Role Administrator");
    for (const row of await abilities()) {
      expect(row).toHaveTextContent("You can");
    }
    // The frame knows it too.
    await user.click(screen.getByRole("button", { name: /^Signed in as/ }));
    const surface = await screen.findByRole("dialog", { name: /^Signed in as/ });
    expect(surface).toHaveTextContent("Active rolesPrivileged Role Administrator");
  });

  it("is not asked for without a reason", async () => {
    const { backend, dialog, user } = await asked();
    await user.click(within(dialog).getByRole("button", { name: "Activate for 1 hour" }));
    expect(within(dialog).getByText("Say in a few words why you need the role.")).toBeVisible();
    expect(within(dialog).getByRole("textbox", { name: /Reason/ })).toHaveFocus();
    expect(backend.callsOf("activateRole")).toHaveLength(0);
    await user.click(within(dialog).getByRole("button", { name: "Not now" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("is honest when Entra has only taken the request", async () => {
    const { dialog, user } = await asked({ activateRole: async () => partlyRead });
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "HR feed{Tab}");
    await user.click(within(dialog).getByRole("button", { name: "Activate for 1 hour" }));
    expect(await screen.findAllByText(/is not active yet. It may wait for approval/)).not.toHaveLength(0);
    expect(screen.queryByText(/is active now/)).toBeNull();
  });

  it("says why it was refused, keeps what was typed, and leaves the portal as the other way", async () => {
    const { backend, dialog, user } = await asked({
      activateRole: async () => {
        throw problem({
          code: "refused",
          message: "Your organisation allows this role for one hour at most.",
          fields: [{ field: "hours", message: "Choose one hour." }],
        });
      },
    });
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "HR feed");
    await user.selectOptions(within(dialog).getByRole("combobox", { name: "For how long" }), "8 hours");
    await user.click(within(dialog).getByRole("button", { name: "Activate for 8 hours" }));
    expect(await within(dialog).findByText("Choose one hour.")).toBeVisible();
    expect(within(dialog).getByRole("textbox", { name: /Reason/ })).toHaveValue("HR feed");
    await expectNoViolations();
    await user.click(within(dialog).getByRole("button", { name: "Activate it in the portal instead" }));
    expect(backend.callsOf("openLink")).toEqual([[privilegedRoleAdministrator.portalUrl]]);
  });

  it("cannot be turned away from while Entra is asked", async () => {
    let answer: (seen: Preflight) => void = () => undefined;
    const { dialog, user } = await asked({
      activateRole: () =>
        new Promise<Preflight>((resolve) => {
          answer = resolve;
        }),
    });
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "HR feed");
    await user.click(within(dialog).getByRole("button", { name: "Activate for 1 hour" }));
    expect(await within(dialog).findByText("Asking Entra to activate it…")).toBeVisible();
    await user.keyboard("{Escape}");
    expect(dialog).toBeVisible();
    await act(async () => answer(active));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});
