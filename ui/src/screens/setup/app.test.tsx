import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SetupRequest } from "../../backend/types";
import { app, problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { nothingToDo } from "../../testing/runFixtures";
import { type AppForm, appFormSchema, emptyAppForm, lastDayOf, monthsAfter, tomorrow } from "./appForm";

const nameField = () => screen.findByRole("textbox", { name: /Name of the app/ });
const request = (call: unknown[] | undefined) => call?.[0] as Extract<SetupRequest, { kind: "appRegistration" }>;

describe("the choice", () => {
  it("asks in the administrator's own terms and leads to the two forms", async () => {
    const { user } = open("/setup");
    await heading("Set up access");
    await expectNoViolations();
    await user.click(screen.getByRole("link", { name: /Something that runs in Azure/ }));
    await heading("Something that runs in Azure");
    await user.click(screen.getByRole("button", { name: "Choose something else" }));
    await user.click(await screen.findByRole("link", { name: /A program outside Azure/ }));
    await heading("A program outside Azure");
  });
});

describe("the form for a program outside Azure", () => {
  it("shows what will exist while one types, and asks for exactly that", async () => {
    const { backend, user } = open("/setup/app");
    await user.type(await nameField(), "  HR feed ");
    const future = screen.getByRole("complementary", { name: "What will exist" });
    expect(within(future).getByText("HR feed")).toBeVisible();
    expect(future).toHaveTextContent("2 permissions on Microsoft Graph");
    expect(future).toHaveTextContent("AuditLog.Read.All");
    expect(future).toHaveTextContent("Client secret in the Windows Credential Manager");

    await user.click(screen.getByRole("radio", { name: /^Narrower/ }));
    expect(future).toHaveTextContent("ProvisioningLog.Read.All");
    expect(future).not.toHaveTextContent("AuditLog.Read.All");
    await user.click(screen.getByRole("radio", { name: "12 months" }));
    await user.type(screen.getByRole("textbox", { name: "Description of the secret" }), "for the nightly job");
    await user.type(screen.getByRole("textbox", { name: /Note for whoever/ }), "Ask payroll.");
    await screen.findByText("No app registration bears this name.");
    await expectNoViolations();

    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    expect(request(backend.callsOf("planSetup")[0])).toEqual({
      kind: "appRegistration",
      name: "HR feed",
      app: { kind: "byName" },
      note: "Ask payroll.",
      secretDescription: "for the nightly job",
      secretExpires: monthsAfter(new Date(), 12),
      permissions: ["SynchronizationData-User.Upload", "ProvisioningLog.Read.All"],
      askConsent: false,
      secretGoes: "intoKeychain",
    });
  });

  it("leaves the system's corrections off where words must arrive as typed", async () => {
    open("/setup/app");
    for (const field of [await nameField(), screen.getByRole("textbox", { name: /Note for whoever/ })]) {
      expect(field).toHaveAttribute("autocapitalize", "none");
      expect(field).toHaveAttribute("autocorrect", "off");
      expect(field).toHaveAttribute("autocomplete", "off");
      expect(field).toHaveAttribute("spellcheck", "false");
    }
  });

  it("does not offer a set that the tenant lacks", async () => {
    open("/setup/app");
    await nameField();
    expect(screen.getByRole("radio", { name: /For software vendors/ })).toBeDisabled();
    expect(screen.getByText(/Not offered by this tenant/)).toBeVisible();
  });

  it("says what is wrong beside the field, and puts the keyboard there", async () => {
    const { backend, user } = open("/setup/app");
    const name = await nameField();
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await waitFor(() => expect(name).toHaveFocus());
    expect(name).toHaveAccessibleDescription(/Give the app a name/);
    expect(name).toBeInvalid();
    expect(backend.callsOf("planSetup")).toHaveLength(0);
    await expectNoViolations();
    await user.type(name, "HR feed");
    await waitFor(() => expect(name).not.toBeInvalid());
  });

  it("puts what Rust says of a field beside that field", async () => {
    const { user } = open("/setup/app", {
      planSetup: async () => {
        throw problem({
          code: "invalidInput",
          message: "The secret's description holds a control character (U+0007) at position 3. Remove it.",
          fields: [{ field: "secretDescription", message: "It holds a control character (U+0007). Remove it." }],
        });
      },
    });
    await user.type(await nameField(), "HR feed");
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    const description = screen.getByRole("textbox", { name: "Description of the secret" });
    await waitFor(() => expect(description).toHaveFocus());
    expect(description).toHaveAccessibleDescription(/control character \(U\+0007\)/);
    expect(screen.queryByRole("alert", { name: "" })?.getAttribute("data-code") ?? null).toBeNull();
  });

  it("tells a problem of no field as a whole, with the form kept", async () => {
    const { user } = open("/setup/app", {
      planSetup: async () => {
        throw problem();
      },
    });
    await user.type(await nameField(), "HR feed");
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    expect(await screen.findByText("login.microsoftonline.com could not be reached.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
    expect(await nameField()).toHaveValue("HR feed");
    await expectNoViolations();
  });

  it("says so when the name cannot be looked up, and plans all the same", async () => {
    const { user } = open("/setup/app", {
      checkAppName: async () => {
        throw problem({ message: "Graph could not be reached." });
      },
    });
    await user.type(await nameField(), "HR feed");
    expect(
      await screen.findByText(/Could not look whether the name is taken\. Graph could not be reached\./),
    ).toBeVisible();
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
  });

  it("ends the secret on a day of one's own, within the bounds", async () => {
    const { backend, user } = open("/setup/app");
    await user.type(await nameField(), "HR feed");
    await user.click(screen.getByRole("radio", { name: "Until a date" }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    const day = screen.getByLabelText(/Last day/);
    await waitFor(() => expect(day).toHaveFocus());
    expect(day).toHaveAccessibleDescription(/Choose the last day/);
    const wanted = monthsAfter(new Date(), 5);
    await user.type(day, wanted);
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    expect(request(backend.callsOf("planSetup")[0]).secretExpires).toBe(wanted);
  });
});

describe("a taken name", () => {
  const other = { ...app, clientId: "e1d2c3b4-0000-4000-8000-00000000beef", created: null };
  const taken = async () => ({ problem: null, takenBy: [app, other], ours: null });

  it("shows the apps that bear it and waits for a choice", async () => {
    const { backend, user } = open("/setup/app", { checkAppName: taken });
    await user.type(await nameField(), "HR feed");
    const question = await screen.findByRole("radiogroup", { name: /2 app registrations bear this name/ });
    expect(
      within(question).getByRole("radio", { name: /Use this one.*7d1c4b2a.*Created Nov 12, 2026/ }),
    ).not.toBeChecked();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    expect(await within(question.parentElement as HTMLElement).findByText(/Choose whether to use one/)).toBeVisible();
    await waitFor(() => expect(within(question).getAllByRole("radio")[0]).toHaveFocus());
    expect(backend.callsOf("planSetup")).toHaveLength(0);

    await user.click(within(question).getByRole("radio", { name: /e1d2c3b4/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    expect(request(backend.callsOf("planSetup")[0]).app).toEqual({ kind: "existing", clientId: other.clientId });
  });

  it("can be used once more", async () => {
    const { backend, user } = open("/setup/app", { checkAppName: taken });
    await user.type(await nameField(), "HR feed");
    await user.click(await screen.findByRole("radio", { name: /Make another/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    expect(request(backend.callsOf("planSetup")[0]).app).toEqual({ kind: "another" });
  });

  it("goes on with the app that was made here, and verifies it by its client id", async () => {
    const { backend, user } = open("/setup/app", {
      checkAppName: async () => ({ problem: null, takenBy: [app], ours: app.clientId }),
      planSetup: async () => nothingToDo,
    });
    await user.type(await nameField(), "HR feed");
    await waitFor(() => expect(screen.getByRole("radio", { name: /Made by Inbound Access/ })).toBeChecked());
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Nothing to change");
    expect(request(backend.callsOf("planSetup")[0]).app).toEqual({ kind: "byName" });
    await user.click(screen.getByRole("button", { name: "Verify HR feed" }));
    await waitFor(() => expect(backend.callsOf("verify")[0]?.[0]).toBe(app.clientId));
  });

  it("is forgotten when the name changes to a free one", async () => {
    const { backend, user } = open("/setup/app", {
      checkAppName: async (name) => (name === "HR feed" ? taken() : { problem: null, takenBy: [], ours: null }),
    });
    await user.type(await nameField(), "HR feed");
    await user.click(await screen.findByRole("radio", { name: /e1d2c3b4/ }));
    await user.type(await nameField(), " 2");
    await screen.findByText("No app registration bears this name.");
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    expect(request(backend.callsOf("planSetup")[0])).toMatchObject({ name: "HR feed 2", app: { kind: "byName" } });
  });

  it("is asked about even when the button is pressed before the look-up came back", async () => {
    let checks = 0;
    const { backend, user } = open("/setup/app", {
      checkAppName: () => {
        checks += 1;
        return taken();
      },
    });
    fireEvent.change(await nameField(), { target: { value: "HR feed" } });
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    expect(await screen.findByText(/Choose whether to use one/)).toBeVisible();
    expect(checks).toBeGreaterThan(0);
    expect(backend.callsOf("planSetup")).toHaveLength(0);
  });
});

describe("the checks while typing", () => {
  const today = new Date("2026-08-31T22:30:00Z");
  const faults = (part: Partial<AppForm>) => {
    const answer = appFormSchema((id) => id, today).safeParse({ ...emptyAppForm("howTo"), name: "HR", ...part });
    return answer.success ? [] : answer.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  };

  it.each<[Partial<AppForm>, string[]]>([
    [{}, []],
    [{ name: "   " }, ["name: app.nameEmpty"]],
    [{ name: "x".repeat(120) }, []],
    [{ name: "x".repeat(121) }, ["name: app.nameLong"]],
    [{ name: "😀".repeat(120) }, []],
    [{ name: "a\tb" }, ["name: app.nameControl"]],
    [{ name: "O'Brien & Söhne #1 +100 % موظفين" }, []],
    [{ life: "date", lastDay: "" }, ["lastDay: app.lastDayEmpty"]],
    [{ life: "date", lastDay: "24/05/2027" }, ["lastDay: app.lastDayEmpty"]],
    [{ life: "date", lastDay: "2026-08-31" }, ["lastDay: app.lastDayPast"]],
    [{ life: "date", lastDay: "2026-09-01" }, []],
    [{ life: "date", lastDay: "2028-08-31" }, []],
    [{ life: "date", lastDay: "2028-09-01" }, ["lastDay: app.lastDayFar"]],
    [{ description: "d".repeat(121) }, ["description: app.descriptionLong"]],
    [{ note: "n".repeat(1001) }, ["note: app.noteLong"]],
    [{ permissionSet: "" }, ["permissionSet: setup.permissionsMissing"]],
  ])("%o", (part, expected) => {
    expect(faults(part)).toEqual(expected);
  });

  it("count months to the month's last day, in UTC as Entra does", () => {
    expect(monthsAfter(today, 6)).toBe("2027-02-28");
    expect(monthsAfter(new Date("2026-11-30T23:59:00Z"), 3)).toBe("2027-02-28");
    expect(monthsAfter(new Date("2027-11-30T00:00:00Z"), 3)).toBe("2028-02-29");
    expect(tomorrow(today)).toBe("2026-09-01");
    expect(lastDayOf({ life: "24", lastDay: "" }, today)).toBe("2028-08-31");
  });
});

describe("what is typed", () => {
  it("is still there after a look at another page", async () => {
    const { user } = open("/setup/app");
    await user.type(await nameField(), "HR feed");
    await user.click(screen.getByRole("link", { name: "Activity" }));
    await heading("Activity");
    await user.click(screen.getByRole("link", { name: "Set up" }));
    await user.click(await screen.findByRole("link", { name: /A program outside Azure/ }));
    expect(await nameField()).toHaveValue("HR feed");
  });
});
