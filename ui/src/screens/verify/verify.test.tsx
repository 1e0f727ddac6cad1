import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { CredentialRow, SearchResult, Verification } from "../../backend/types";
import {
  app,
  appInfo,
  connection,
  hiddenMarks,
  identityVerification,
  logicApp,
  problem,
  verification,
} from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { doneRun, journal } from "../../testing/runFixtures";

const search = () => screen.findByRole("textbox", { name: "Find a principal" });

describe("finding a principal", () => {
  it("offers what was set up from here, each once, and leads to it", async () => {
    const { backend, user } = open("/verify", { listRuns: journal([doneRun, { ...doneRun, id: "older" }]) });
    const list = await screen.findByRole("list", { name: "Set up from here" });
    expect(within(list).getAllByRole("link")).toHaveLength(1);
    await expectNoViolations();
    await user.click(within(list).getByRole("link", { name: /HR feed/ }));
    await heading("HR feed");
    expect(backend.callsOf("verify")).toEqual([
      [app.objectId, ["SynchronizationData-User.Upload", "AuditLog.Read.All"], true],
    ]);
  });

  it("offers nothing from another tenant", async () => {
    open("/verify", { listRuns: journal([{ ...doneRun, tenantId: "another" }]) });
    expect(await screen.findByText("Nothing has been set up from here yet.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Set up access" })).toBeVisible();
    await expectNoViolations();
  });

  it("searches while one types, by name or id, and says how many there are", async () => {
    const { backend } = open("/verify", {
      searchPrincipals: async () => ({ rows: [app, logicApp, hiddenMarks], more: true }),
    });
    // At once, however slow the machine: two keys far apart are two searches.
    fireEvent.change(await search(), { target: { value: "hr" } });
    const list = await screen.findByRole("list", { name: "Principals found" });
    expect(within(list).getAllByRole("link")).toHaveLength(3);
    expect(list).toHaveTextContent("HRU+202Edeef");
    expect(screen.getByText(/There are more than are shown/)).toBeVisible();
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent("3 principals found."));
    expect(backend.callsOf("searchPrincipals")).toEqual([["hr"]]);
    await expectNoViolations();
  });

  it("finds one that has no service principal yet, by its client id", async () => {
    const { backend, user } = open("/verify", {
      searchPrincipals: async () => ({ rows: [{ ...app, objectId: null }], more: false }),
    });
    await user.type(await search(), "hr");
    await user.click(await screen.findByRole("link", { name: /HR feed/ }));
    await heading("HR feed");
    expect(backend.callsOf("verify")[0]?.[0]).toBe(app.clientId);
  });

  it("lets nothing be chosen that answers to an older text", async () => {
    const answers = new Map<string, (result: SearchResult) => void>();
    const { user } = open("/verify", {
      searchPrincipals: (text) =>
        new Promise<SearchResult>((resolve) => {
          answers.set(text, resolve);
        }),
    });
    await user.type(await search(), "hr");
    await waitFor(() => expect(answers.has("hr")).toBe(true));
    answers.get("hr")?.({ rows: [app], more: false });
    expect(await screen.findByRole("link", { name: /HR feed/ })).toHaveAttribute("href");
    await user.type(await search(), "x");
    expect(screen.getByRole("link", { name: /HR feed/ })).toHaveAttribute("aria-disabled", "true");
    expect(screen.getByText("Searching…")).toBeVisible();
    expect(screen.getByRole("list", { name: "Principals found" }).parentElement).toHaveAttribute("aria-busy", "true");
    await expectNoViolations();
    await waitFor(() => expect(answers.has("hrx")).toBe(true));
    answers.get("hrx")?.({ rows: [logicApp], more: false });
    expect(await screen.findByRole("link", { name: /CSV2SCIM/ })).toHaveAttribute("href");
    expect(screen.queryByText("Searching…")).toBeNull();
  });

  it("says what to try when nothing matches, and what happened when the search failed", async () => {
    const { user } = open("/verify", {
      searchPrincipals: async (text): Promise<SearchResult> => {
        if (text === "zzz") {
          return { rows: [], more: false };
        }
        throw problem({ message: "Graph did not answer." });
      },
    });
    await user.type(await search(), "zzz");
    expect(await screen.findByText(/^Nothing in/)).toHaveTextContent("Nothing in Brightwater Foods matches “zzz”.");
    await expectNoViolations();
    await user.type(await search(), "1");
    expect(await screen.findByRole("alert")).toHaveTextContent("Graph did not answer.");
  });
});

describe("the picture", () => {
  it("puts the verdict first, then permissions, credentials, token and surplus, each state in words", async () => {
    open("/verify/x");
    await heading("HR feed");
    const verdict = screen.getByTestId("verdict");
    expect(verdict).toHaveTextContent("Ready, but its secret ends in 23 days. It can upload users and read the logs.");
    expect(verdict).toHaveTextContent("Make a new secret before 17 Dec 2026 and hand it over.");
    expect(verdict).toHaveTextContent("Checked Nov 24, 2026, 10:42");

    const rows = within(screen.getByRole("table", { name: "Permissions" })).getAllByRole("row");
    expect(rows[0]).toHaveTextContent("PermissionRequestedGrantedIn a token now");
    const cells = (row: HTMLElement | undefined) =>
      within(row as HTMLElement)
        .getAllByRole("cell")
        .map((cell) => cell.textContent);
    expect(cells(rows[1])).toEqual([
      "Upload usersSynchronizationData-User.Upload",
      "Requested",
      expect.stringMatching(/^GrantedNov 12, 2026, 10:40/),
      "Yes",
    ]);
    expect(cells(rows[2])).toEqual([
      "Read provisioning logsAuditLog.Read.AllAn administrator has not consented to it.",
      "Requested",
      "Requested, not granted",
      "No",
    ]);

    const credentials = within(screen.getByRole("list", { name: "Credentials" })).getAllByRole("listitem");
    expect(credentials[0]).toHaveTextContent("Secret HR feed 2026");
    expect(credentials[0]).toHaveTextContent("23 days left");
    expect(credentials[0]).toHaveTextContent("In this computer's keychain");
    expect(credentials[1]).toHaveTextContent("Certificate without a description");
    expect(credentials[1]).toHaveTextContent("ended 23 days ago");
    expect(screen.getByText(/holds 1 permission:/)).toBeVisible();
    const surplus = within(screen.getByRole("list", { name: "More than needed" })).getAllByRole("listitem");
    expect(surplus[0]).toHaveTextContent("Directory.ReadWrite.All");
    expect(surplus[0]).toHaveTextContent("Very high risk");
    expect(surplus[1]).toHaveTextContent("Medium risk");
    expect(screen.getByRole("status")).toHaveTextContent("Ready, but its secret ends in 23 days.");
    await expectNoViolations();
  });

  it("calls a young grant of a managed identity neither red nor ready", async () => {
    open("/verify/x", { verify: async () => identityVerification });
    await heading("CSV2SCIMBulkUpload");
    expect(screen.getByTestId("verdict")).toHaveTextContent("Not yet");
    const table = screen.getByRole("table", { name: "Permissions" });
    expect(within(table).queryByRole("columnheader", { name: "Requested" })).toBeNull();
    expect(table).toHaveTextContent("Granted, tokens may be old");
    expect(table).toHaveTextContent("Nothing is wrong.");
    expect(table).toHaveTextContent("Not checked");
    expect(screen.getByText("None needed: Azure signs this identity in.")).toBeVisible();
    expect(screen.getByText(/No token was asked for\./)).toHaveTextContent("Only Azure can get a token");
    expect(screen.getByText("It holds no other application permission of Microsoft Graph.")).toBeVisible();
    await expectNoViolations();
  });

  it.each<[Verification["verdict"]["kind"], string]>([
    ["ready", "Ready"],
    ["notReady", "Not ready"],
    ["cantTell", "Can't tell"],
  ])("says %s in the words of its one sentence", async (kind, words) => {
    open("/verify/x", {
      verify: async () => ({
        ...verification,
        verdict: { kind, sentence: `${words}. Because.`, advice: null },
        permissions: verification.permissions.map((row, index) => ({
          ...row,
          requested: index === 0 ? false : null,
          state: index === 0 ? "missing" : "notOffered",
        })),
        credentials: [
          { ...(verification.credentials[0] as CredentialRow), daysLeft: null, expires: null, inKeychain: null },
        ],
        token: { kind: "refused", problem: problem({ code: "refused", message: "The secret is not valid." }) },
        surplus: [{ value: "X", risk: null, explanation: "Unknown.", grant: { id: "g", at: null } }],
      }),
    });
    await heading("HR feed");
    expect(screen.getByTestId("verdict")).toHaveTextContent(`${words}. Because.`);
    expect(screen.getByText("Not requested")).toBeVisible();
    expect(screen.getByText("Missing")).toBeVisible();
    expect(screen.getByText("Not offered by this tenant")).toBeVisible();
    expect(screen.getByText("no end known")).toBeVisible();
    expect(screen.getByText("The keychain could not be looked at")).toBeVisible();
    expect(screen.getByText("The secret is not valid.")).toBeVisible();
    expect(screen.getByText("Not rated")).toBeVisible();
    await expectNoViolations();
  });

  it("says that an app without a credential cannot sign in", async () => {
    open("/verify/x", { verify: async () => ({ ...verification, credentials: [] }) });
    expect(await screen.findByText("It has no secret and no certificate, so it cannot sign in.")).toBeVisible();
  });

  it("shows a skeleton in the final layout while it reads", async () => {
    open("/verify/x", { verify: () => new Promise<never>(() => undefined) });
    await heading("Verify");
    expect(screen.getByLabelText("Reading Brightwater Foods…")).toBeVisible();
    expect(screen.getByRole("button", { name: "Checking…" })).toHaveAttribute("aria-disabled", "true");
    await expectNoViolations();
  });

  it("checks again on demand, keeping what was seen in sight meanwhile", async () => {
    let checks = 0;
    let answer: (seen: Verification) => void = () => undefined;
    const { user } = open("/verify/x", {
      verify: () => {
        checks += 1;
        return checks === 1
          ? Promise.resolve(verification)
          : new Promise<Verification>((resolve) => {
              answer = resolve;
            });
      },
    });
    await heading("HR feed");
    await user.click(screen.getByRole("button", { name: "Check again" }));
    expect(screen.getByTestId("verdict")).toHaveTextContent("Ready, but its secret ends in 23 days.");
    answer({ ...verification, verdict: { kind: "ready", sentence: "All is well.", advice: null } });
    await waitFor(() => expect(screen.getByTestId("verdict")).toHaveTextContent("All is well."));
    expect(checks).toBe(2);
  });

  it.each([
    ["unreachable", "Graph could not be reached."],
    ["notFound", "Nothing has this id."],
  ] as const)("is no longer the present state when a further check says %s", async (code, message) => {
    let checks = 0;
    const { user } = open("/verify/x", {
      verify: async () => {
        checks += 1;
        if (checks > 1) {
          throw problem({ code, message });
        }
        return { ...verification, verdict: { kind: "ready", sentence: "Ready.", advice: null } };
      },
    });
    await heading("HR feed");
    await user.click(screen.getByRole("button", { name: "Check again" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(message);
    if (code === "notFound") {
      expect(screen.queryByTestId("verdict")).toBeNull();
      expect(screen.queryByRole("table")).toBeNull();
    } else {
      expect(screen.getByTestId("verdict")).toHaveTextContent("Last known, checked Nov 24, 2026, 10:42");
    }
    await expectNoViolations();
  });

  it("keeps the question and its focus while another set is read, and when that fails", async () => {
    const { user } = open("/verify/x", {
      verify: async (_, permissions) => {
        if (permissions.includes("ProvisioningLog.Read.All")) {
          throw problem({ message: "Graph could not be reached." });
        }
        return verification;
      },
    });
    await heading("HR feed");
    const against = screen.getByRole("combobox", { name: "Checked against" });
    await user.selectOptions(against, "Narrower");
    expect(await screen.findByRole("alert")).toHaveTextContent("Graph could not be reached.");
    expect(against).toBeVisible();
    expect(against).toHaveFocus();
    expect(screen.queryByTestId("verdict")).toBeNull();
    await heading("HR feed");
    await user.selectOptions(against, "As in the how-to");
    expect(await screen.findByTestId("verdict")).toBeVisible();
  });

  it("can be checked against another set", async () => {
    const { backend, user } = open("/verify/x");
    await heading("HR feed");
    await user.selectOptions(screen.getByRole("combobox", { name: "Checked against" }), "Narrower");
    await waitFor(() =>
      expect(backend.callsOf("verify").at(-1)?.[1]).toEqual([
        "SynchronizationData-User.Upload",
        "ProvisioningLog.Read.All",
      ]),
    );
  });

  it("tells what stands in the way of a check, and tries again", async () => {
    let tries = 0;
    const { user } = open("/verify/x", {
      verify: async () => {
        tries += 1;
        if (tries === 1) {
          throw problem({
            code: "ambiguous",
            message: '2 apps are called "HR feed".',
            exists: null,
            advice: "Choose one by its id.",
          });
        }
        return verification;
      },
    });
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent('2 apps are called "HR feed".');
    expect(alert).toHaveTextContent("Choose one by its id.");
    expect(alert).not.toHaveTextContent("What exists now");
    await expectNoViolations();
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    await heading("HR feed");
  });

  it("opens the admin center for a real tenant, and offers none for the practice tenant", async () => {
    const first = open("/verify/x");
    await heading("HR feed");
    expect(screen.queryByRole("button", { name: "Open in Entra" })).toBeNull();
    first.unmount();
    const { backend, user } = open("/verify/x", {
      appInfo: async () => ({ ...appInfo, connection: { ...connection, practice: false } }),
    });
    await user.click(await screen.findByRole("button", { name: "Open in Entra" }));
    expect(backend.callsOf("openLink")).toEqual([[app.portalUrl]]);
  });

  it("says so when no browser opens, and offers the address", async () => {
    const { backend, user } = open("/verify/x", {
      appInfo: async () => ({ ...appInfo, connection: { ...connection, practice: false } }),
      openLink: async () => {
        throw problem({ message: "No browser could be opened.", advice: "Open the address yourself." });
      },
    });
    await user.click(await screen.findByRole("button", { name: "Open in Entra" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(
      "No browser could be opened. Open the address yourself.",
    );
    await user.click(screen.getByRole("button", { name: "Copy the address" }));
    expect(backend.callsOf("copyText")).toEqual([[app.portalUrl]]);
    await expectNoViolations();
  });
});
