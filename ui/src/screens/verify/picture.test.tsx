import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { PermissionState } from "../../backend/types";
import { changes, fullVerification, road, youngVerification } from "../../testing/accessFixtures";
import { identityVerification, problem, verification } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";

describe("permissions and token", () => {
  it("calls what is granted and in no token yet by its name, never red", async () => {
    open("/verify/x", { verify: async () => youngVerification });
    await heading("HR feed");
    const table = screen.getByRole("table", { name: "Permissions" });
    expect(within(table).getAllByText("Not yet")).toHaveLength(2);
    expect(within(table).queryByText("No")).toBeNull();
    expect(screen.getByText("The provisioning log, not yet:").parentElement).toHaveTextContent("older than the grant");
    expect(screen.getByText("Verify again in a minute.")).toBeVisible();
    expect(screen.queryByTestId("problem")).toBeNull();
  });

  it("calls a token that a new secret does not get yet no refusal", async () => {
    open("/verify/x", {
      verify: async () => ({
        ...youngVerification,
        token: { kind: "refused", problem: problem({ message: "Entra does not know the new secret everywhere." }) },
      }),
    });
    await heading("HR feed");
    expect(screen.getByText(/Entra does not know the new secret everywhere/)).toBeVisible();
    expect(screen.queryByTestId("problem")).toBeNull();
  });

  it("tells how far the log was read with the token", async () => {
    const first = open("/verify/x", { verify: async () => fullVerification });
    expect(await screen.findByText(/The provisioning log was read with it/)).toHaveTextContent(
      "its newest entry is of Nov 24, 2026, 10:31",
    );
    first.unmount();
    const second = open("/verify/x", {
      verify: async () => ({ ...verification, log: { kind: "read", at: "2026-11-24T10:42:00Z", newest: null } }),
    });
    expect(await screen.findByText(/it holds no entry yet/)).toBeVisible();
    second.unmount();
    open("/verify/x", {
      verify: async () => ({
        ...verification,
        log: { kind: "refused", notYet: false, problem: problem({ message: "The log refuses this client." }) },
      }),
    });
    expect(await screen.findByText("The log refuses this client.")).toBeVisible();
    expect(screen.getByTestId("problem")).toBeVisible();
  });

  it.each<[PermissionState, string]>([
    ["grantedNotRequested", "Granted, not requested"],
    ["wrong", "Wrong kind"],
    ["missing", "Missing"],
    ["notOffered", "Not offered by this tenant"],
    ["grantedMayBeStale", "Granted, tokens may be old"],
  ])("says %s in words", async (state, words) => {
    open("/verify/x", {
      verify: async () => ({
        ...verification,
        permissions: verification.permissions.slice(0, 1).map((row) => ({ ...row, state })),
      }),
    });
    expect(await screen.findByText(words)).toBeVisible();
  });

  it("tells by which id something is granted, on demand", async () => {
    const { backend, user } = open("/verify/x");
    await heading("HR feed");
    await user.click(screen.getByText("Grant ID"));
    await user.click(screen.getByRole("button", { name: "Copy Grant ID of SynchronizationData-User.Upload" }));
    expect(backend.callsOf("copyText")).toEqual([["grant-1"]]);
  });
});

describe("who answers for it", () => {
  it("tells owners, sign-in, assignment, federated identities and what could not be read", async () => {
    open("/verify/x", { verify: async () => fullVerification });
    const owners = within(await screen.findByRole("list", { name: "Owners" })).getAllByRole("listitem");
    expect(owners.map((row) => row.textContent)).toEqual([
      "Aaliyah Okonjo aaliyah.okonjo@brightwater.example",
      "Deploy bot an app",
    ]);
    expect(screen.getByText("Yes: only who is assigned to it may use it")).toBeVisible();
    const federated = screen.getByRole("list", { name: "Federated credentials" });
    expect(federated).toHaveTextContent("github-main");
    expect(federated).toHaveTextContent("repo:hr/feed");
    expect(screen.getByRole("list", { name: "Not everything could be read" })).toHaveTextContent(
      "a Reports Reader may read it",
    );
    await expectNoViolations();
  });

  it.each([
    ["None", {}],
    ["Not known", { unreadable: ["You may not read who owns it."] }],
    ["Not known", { principal: { ...verification.principal, applicationObjectId: null } }],
  ])("calls its owners %s where none was read", async (words, part) => {
    open("/verify/x", { verify: async () => ({ ...verification, owners: [], ...part }) });
    await heading("HR feed");
    expect(screen.getByText("Owners").nextElementSibling).toHaveTextContent(words);
  });

  it("says so when sign-in is blocked", async () => {
    open("/verify/x", {
      verify: async () => ({ ...verification, principal: { ...verification.principal, enabled: false } }),
    });
    expect(await screen.findByText("Blocked: it gets no token")).toBeVisible();
  });
});

describe("changes since last time", () => {
  const shown = async (part: Partial<typeof verification>) => {
    open("/verify/x", { verify: async () => ({ ...verification, ...part }) });
    await heading("HR feed");
  };

  it("are listed, each with a word for its kind, since when and by whom", async () => {
    await shown({ changes });
    expect(screen.getByText(/^Since/)).toHaveTextContent(
      /Since Nov 20, 2026, 9:00.*, when tomasz\.wieczorek@brightwater\.example looked:/,
    );
    const lines = within(screen.getByRole("list", { name: "Changes since last time" })).getAllByRole("listitem");
    expect(lines.map((line) => line.textContent)).toEqual([
      "New: SynchronizationData-User.Upload was granted.",
      'Gone: The secret "HR feed 2025" is gone.',
      "Changed: Sign-in is enabled again.",
    ]);
    expect(screen.getByText("2 more changes are not listed.")).toBeVisible();
  });

  it("are said to be none, or that this is the first look", async () => {
    await shown({ changes: { ...changes, lines: [], more: 0 } });
    expect(screen.getByText(/^Nothing has changed since/)).toBeVisible();
  });

  it("are none at the first look", async () => {
    await shown({ changes: null });
    expect(screen.getByText(/was not verified from this computer before/)).toBeVisible();
  });
});

describe("provisioning", () => {
  const jobs = async () => within(await screen.findByRole("list", { name: "Provisioning jobs" })).getAllByTestId("job");

  it("shows each job with its health in a word, why, and what to do", async () => {
    const { backend, user } = open("/verify/x");
    const rows = await jobs();
    expect(rows.map((row) => row.dataset.health)).toEqual(["quarantined", "running"]);
    expect(rows[0]).toHaveTextContent("In quarantine");
    expect(rows[0]).toHaveTextContent("to Microsoft Entra ID · every 40 minutes");
    expect(rows[0]).toHaveTextContent("no notification e-mail is set");
    expect(rows[0]).toHaveTextContent("Set a notification e-mail in the app's provisioning settings");
    expect(screen.getByText(/With Microsoft Entra ID P1 or P2/)).toHaveTextContent(
      "at most 50 users in one call, 40 calls in 5 seconds, 2,000 calls in 24 hours",
    );
    await user.click(within(rows[1] as HTMLElement).getByRole("button", { name: "Copy upload address" }));
    expect(backend.callsOf("copyText").at(-1)).toEqual([road.jobs[1]?.uploadAddress]);
    await user.click(within(rows[0] as HTMLElement).getByText("More about this job"));
    expect(rows[0]).toHaveTextContent("Missing: without it the job goes into quarantine");
    expect(rows[0]).toHaveTextContent("API2AAD.3f2a.2");
    await expectNoViolations();
  });

  it("does not wait for the check, nor the check for it", async () => {
    open("/verify/x", { road: () => new Promise<never>(() => undefined) });
    await heading("HR feed");
    expect(screen.getByTestId("verdict")).toBeVisible();
    expect(screen.getByLabelText("Reading the provisioning jobs…")).toBeVisible();
    await expectNoViolations();
  });

  it("says why the jobs cannot be read, and tries again", async () => {
    let tries = 0;
    const { user } = open("/verify/x", {
      road: async () => {
        tries += 1;
        if (tries === 1) {
          throw problem({ message: "The jobs cannot be read." });
        }
        return road;
      },
    });
    expect(await screen.findByText("The jobs cannot be read.")).toBeVisible();
    expect(screen.getByTestId("verdict")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await jobs()).toHaveLength(2);
  });

  it("tells what to do where there is no job, with Microsoft's how-to", async () => {
    const { backend, user } = open("/verify/x", { road: async () => ({ ...road, jobs: [] }) });
    expect(await screen.findByText(/There is no API-driven provisioning app/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Microsoft's how-to" }));
    expect(String(backend.callsOf("openLink")[0]?.[0])).toMatch(/^https:\/\/learn\.microsoft\.com\//);
    await expectNoViolations();
  });

  it("names the apps that have no job yet, and who may read what is hidden", async () => {
    open("/verify/x", {
      road: async () => ({
        ...road,
        jobs: [],
        withoutJob: ["Vendors"],
        unreadable: problem({ message: "One app's jobs cannot be read.", advice: "An Application Administrator may." }),
      }),
    });
    expect(await screen.findByText("Vendors")).toBeVisible();
    expect(screen.getByText("One app's jobs cannot be read.")).toBeVisible();
    expect(screen.queryByText(/There is no API-driven/)).toBeNull();
  });

  it("offers a real upload only where the client's secret lies here and lasts", async () => {
    const first = open("/verify/x");
    await jobs();
    expect(screen.getAllByRole("button", { name: /^Try a real upload to/ })).toHaveLength(2);
    first.unmount();
    const second = open("/verify/x", {
      verify: async () => ({
        ...verification,
        credentials: verification.credentials.map((row) => ({ ...row, inKeychain: false })),
      }),
    });
    expect(
      await screen.findByText(/none of its secrets that still last lies in this computer's keychain/),
    ).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Try a real upload/ })).toBeNull();
    second.unmount();
    open("/verify/x", { verify: async () => identityVerification });
    expect(await screen.findByText(/a real upload cannot be tried from here/)).toBeVisible();
  });
});
