import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SearchResult } from "../../backend/types";
import { hiddenMarks, logicApp, namesake, problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { nothingToDo } from "../../testing/runFixtures";
import { differences } from "./namesakes";

const table = () => screen.findByRole("table", { name: "Managed identities" });

describe("the form for something that runs in Azure", () => {
  it("tells namesakes apart by where they run, and asks for the one chosen, by id", async () => {
    const { backend, user } = open("/setup/identity");
    const rows = within(await table())
      .getAllByRole("row")
      .slice(1);
    expect(rows[0]).toHaveTextContent("CSV2SCIMBulkUpload");
    expect(rows[0]).toHaveTextContent("Logic App");
    expect(rows[1]).toHaveTextContent("CSV2SCIMBulkUpload");
    expect(rows[1]).toHaveTextContent("rg-sandbox");
    expect(screen.getByText("Some of these share a name. What differs is in bold.")).toBeVisible();
    expect(rows[2]).toHaveTextContent("Sign-in is blocked");
    await expectNoViolations();

    await user.click(screen.getByRole("radio", { name: /CSV2SCIMBulkUpload, User-assigned identity/ }));
    const future = screen.getByRole("complementary", { name: "What will exist" });
    expect(future).toHaveTextContent("CSV2SCIMBulkUpload");
    expect(future).toHaveTextContent("none: Azure signs the identity in");
    expect(future).toHaveTextContent("Group rg-sandbox");
    expect(future).toHaveTextContent(namesake.objectId as string);
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Five changes");
    expect(screen.getByRole("main")).toHaveTextContent("Group rg-sandbox");
    expect(screen.getByRole("button", { name: "Copy Object ID" })).toBeVisible();
    await expectNoViolations();
    expect(backend.callsOf("planSetup")).toEqual([
      [
        {
          kind: "managedIdentity",
          objectId: namesake.objectId,
          permissions: ["SynchronizationData-User.Upload", "AuditLog.Read.All"],
          askConsent: false,
        },
      ],
    ]);
  });

  it("tells namesakes apart by ear", async () => {
    open("/setup/identity", {
      searchIdentities: async () => ({
        rows: [logicApp, { ...logicApp, objectId: "99999999-1111-4222-8333-444455556666" }],
        more: false,
      }),
    });
    await table();
    const names = screen.getAllByRole("radio", { name: /^Choose CSV2SCIMBulkUpload, System-assigned/ });
    expect(names.map((radio) => radio.getAttribute("aria-label"))).toEqual([
      expect.stringContaining("Subscription 11111111…5555, Object ID 0a1b2c3d…6666"),
      expect.stringContaining("Object ID 99999999…6666"),
    ]);
  });

  it("shows what cannot be seen of a name, by ear too", async () => {
    open("/setup/identity");
    await table();
    expect(screen.getByRole("radio", { name: /^Choose HRU\+202Edeef/ })).toBeVisible();
  });

  it("lets nothing be chosen that answers to an older text", async () => {
    let answer: (result: SearchResult) => void = () => undefined;
    const { user } = open("/setup/identity", {
      searchIdentities: (text) =>
        text === ""
          ? Promise.resolve({ rows: [logicApp], more: false })
          : new Promise<SearchResult>((resolve) => {
              answer = resolve;
            }),
    });
    await table();
    await user.type(screen.getByRole("textbox", { name: /Find a managed identity/ }), "sand");
    const old = screen.getByRole("radio", { name: /System-assigned/ });
    expect(old).toBeDisabled();
    await user.click(screen.getByText("rg-hr-integration", { exact: false }));
    expect(old).not.toBeChecked();
    expect(screen.getByText("Searching…")).toBeVisible();
    await expectNoViolations();
    await waitFor(() => {
      answer({ rows: [namesake], more: false });
      expect(screen.getByRole("radio", { name: /User-assigned/ })).toBeEnabled();
    });
    expect(screen.queryByText("Searching…")).toBeNull();
  });

  it("can be chosen by a press anywhere in the row", async () => {
    const { user } = open("/setup/identity");
    await user.click(within(await table()).getByText("rg-hr-integration", { exact: false }));
    expect(screen.getByRole("radio", { name: /System-assigned identity, Logic App/ })).toBeChecked();
  });

  it("searches once the typing rests, and says how many there are", async () => {
    const { backend } = open("/setup/identity", {
      searchIdentities: async (text): Promise<SearchResult> =>
        text === "" ? { rows: [logicApp, namesake], more: true } : { rows: [logicApp], more: false },
    });
    await table();
    expect(screen.getByText(/There are more than are shown/)).toBeVisible();
    // One key after the other at once, however slow the machine.
    for (const value of ["c", "cs", "csv2"]) {
      fireEvent.change(screen.getByRole("textbox", { name: /Find a managed identity/ }), { target: { value } });
    }
    await waitFor(() => expect(within(screen.getByRole("table")).getAllByRole("row")).toHaveLength(2));
    expect(backend.callsOf("searchIdentities")).toEqual([[""], ["csv2"]]);
    await waitFor(() => expect(screen.getByRole("status")).toHaveTextContent("1 managed identity found."));
    expect(screen.queryByText(/There are more than are shown/)).toBeNull();
  });

  it("shows a skeleton until the first answer, and what to do when there is none", async () => {
    let answer: (result: SearchResult) => void = () => undefined;
    const { user } = open("/setup/identity", {
      searchIdentities: (text) =>
        text === ""
          ? new Promise<SearchResult>((resolve) => {
              answer = resolve;
            })
          : Promise.resolve({ rows: [], more: false }),
    });
    await heading("Something that runs in Azure");
    expect(screen.getByLabelText("Loading…")).toBeVisible();
    answer({ rows: [], more: false });
    expect(await screen.findByText("This tenant has no managed identity.")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: /Find a managed identity/ }), "zzz");
    expect(await screen.findByText("No managed identity matches “zzz”.")).toBeVisible();
    await expectNoViolations();
  });

  it("tells a search that failed and tries it again", async () => {
    let tries = 0;
    const { user } = open("/setup/identity", {
      searchIdentities: async () => {
        tries += 1;
        if (tries === 1) {
          throw problem({ code: "forbidden", message: "You may not list service principals." });
        }
        return { rows: [logicApp], more: false };
      },
    });
    expect(await screen.findByRole("alert")).toHaveTextContent("You may not list service principals.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await table()).toBeVisible();
  });

  it("asks for a choice before it plans, at the search field", async () => {
    const { backend, user } = open("/setup/identity");
    await table();
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    const field = screen.getByRole("textbox", { name: /Find a managed identity/ });
    expect(field).toHaveFocus();
    expect(field).toHaveAccessibleDescription(/Choose the managed identity/);
    expect(backend.callsOf("planSetup")).toHaveLength(0);
    await expectNoViolations();
  });

  it("keeps the choice over another search and another page", async () => {
    const { user } = open("/setup/identity", {
      searchIdentities: async (text) => ({ rows: text === "" ? [logicApp, namesake] : [namesake], more: false }),
    });
    await user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
    await user.type(screen.getByRole("textbox", { name: /Find a managed identity/ }), "sand");
    await waitFor(() => expect(screen.getAllByRole("radio", { name: /^Choose/ })).toHaveLength(1));
    expect(screen.getByRole("complementary")).toHaveTextContent("CSV2SCIMBulkUpload");
    await user.click(screen.getByRole("link", { name: "Verify" }));
    await heading("Verify");
    await user.click(screen.getByRole("link", { name: "Set up" }));
    await user.click(await screen.findByRole("link", { name: /Something that runs in Azure/ }));
    expect(await screen.findByRole("textbox", { name: /Find a managed identity/ })).toHaveValue("sand");
    expect(screen.getByRole("complementary")).toHaveTextContent("CSV2SCIMBulkUpload");
  });

  it("offers to verify when the tenant already is as wanted", async () => {
    const { backend, user } = open("/setup/identity", { planSetup: async () => nothingToDo });
    await user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
    await user.click(screen.getByRole("button", { name: "See the plan" }));
    await heading("Nothing to change");
    expect(screen.queryByRole("button", { name: /Make these/ })).toBeNull();
    expect(screen.getByText(/already is as wanted/)).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Verify CSV2SCIMBulkUpload" }));
    await waitFor(() =>
      expect(backend.callsOf("verify")[0]?.slice(0, 2)).toEqual([
        logicApp.objectId,
        ["SynchronizationData-User.Upload", "AuditLog.Read.All"],
      ]),
    );
  });
});

describe("what tells namesakes apart", () => {
  it("is what differs among them, and nothing for a name of its own", () => {
    const found = differences([logicApp, namesake, hiddenMarks]);
    expect([...(found.get(logicApp) ?? [])]).toEqual(["kind", "type", "group", "subscription"]);
    expect(found.get(namesake)).toEqual(found.get(logicApp));
    expect(found.has(hiddenMarks)).toBe(false);
    const twin = { ...logicApp, objectId: "99999999-1111-4222-8333-444455556666" };
    expect([...(differences([logicApp, twin]).get(twin) ?? [])]).toEqual(["id"]);
  });

  it("takes names that differ by case alone for the same", () => {
    const shouting = { ...namesake, name: "CSV2SCIMBULKUPLOAD" };
    expect(differences([logicApp, shouting]).size).toBe(2);
  });
});
