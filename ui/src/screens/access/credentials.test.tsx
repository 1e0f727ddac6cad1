import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { AppCredential } from "../../backend/types";
import { credentialList } from "../../testing/accessFixtures";
import { PRINCIPAL, problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";

const one = { ...(credentialList.rows[0] as AppCredential), principalId: PRINCIPAL };
const with_ = (changed: Partial<AppCredential["credential"]>, appName = "HR feed"): AppCredential => ({
  ...one,
  appName,
  credential: { ...one.credential, keyId: `key-${appName}`, ...changed },
});

describe("secrets and certificates", () => {
  it("are listed by the days that are left, with where they lie", async () => {
    const rows = [
      with_({ daysLeft: -12, expires: "2026-11-12T23:59:59Z", inKeychain: false }, "Legacy HR"),
      with_({}),
      with_({ kind: "certificate", description: "", daysLeft: 400, expires: "2027-12-29T00:00:00Z" }, "\u202evil"),
      with_({ daysLeft: null, expires: null, inKeychain: null }, "تغذية الموارد البشرية"),
    ];
    open("/access/credentials", {
      credentials: async () => ({ ...credentialList, rows, elsewhere: ["Vendor", "Vendor"] }),
    });
    await heading("Secrets and certificates");
    const list = await screen.findByRole("list", { name: "Secrets and certificates by days left" });
    const [ended, soon, long, unknown] = within(list).getAllByTestId("credential");
    expect(ended).toHaveTextContent("ended 12 days ago");
    expect(ended).toHaveTextContent("Not in this computer's keychain");
    expect(soon).toHaveTextContent("23 days left");
    expect(soon).toHaveTextContent("In this computer's keychain");
    expect(long).toHaveTextContent("U+202Evil");
    expect(long).not.toHaveTextContent("keychain");
    expect(unknown).toHaveTextContent("no end known");
    expect(unknown).toHaveTextContent("The keychain could not be looked at");
    expect(within(screen.getByRole("list", { name: "Kept in other tenants" })).getAllByRole("listitem")).toHaveLength(
      2,
    );
    expect(screen.getByRole("status")).toHaveTextContent(credentialList.sentence);
    await expectNoViolations();
  });

  it("are renewed on the page of their app", async () => {
    const { backend, user } = open("/access/credentials", {
      credentials: async () => ({ ...credentialList, rows: [one] }),
    });
    await user.click(await screen.findByRole("button", { name: /^Renew Secret HR feed 2026 of HR feed/ }));
    await heading("HR feed");
    expect(backend.callsOf("verify")[0]?.[0]).toBe(PRINCIPAL);
  });

  it("are shown in portions", async () => {
    const rows = Array.from({ length: 60 }, (_, index) => with_({ keyId: `key-${index}` }, `App ${index}`));
    const { user } = open("/access/credentials", { credentials: async () => ({ ...credentialList, rows }) });
    expect(await screen.findAllByTestId("credential")).toHaveLength(50);
    await user.click(screen.getByRole("button", { name: "Show 10 more" }));
    expect(screen.getAllByTestId("credential")).toHaveLength(60);
    expect(screen.queryByRole("button", { name: /more$/ })).toBeNull();
  });

  it("say that there is none, and lead on", async () => {
    const { user } = open("/access/credentials", { credentials: async () => ({ ...credentialList, rows: [] }) });
    expect(await screen.findByText(/None of these apps has a secret/)).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Back to who has access" }));
    await heading("Who has access");
    await user.click(screen.getByRole("button", { name: "Secrets and certificates" }));
    await heading("Secrets and certificates");
  });

  it("tell why they cannot be read, and are read again on request", async () => {
    const answers = [async () => Promise.reject(problem()), async () => credentialList];
    const { user } = open("/access/credentials", {
      credentials: async () => (await answers.shift()?.()) ?? credentialList,
    });
    expect(await screen.findByTestId("problem")).toHaveTextContent("could not be reached");
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findAllByTestId("credential")).toHaveLength(1);
  });
});
