import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  auditByHand,
  auditOf,
  detailsOf,
  fiveHolders,
  holder,
  manyHolders,
  summaryOf,
} from "../../testing/auditFixtures";
import { auditLog, PRINCIPAL, problem, upload } from "../../testing/fixtures";
import { expectNoViolations, heading, open, tabTo } from "../../testing/open";
import { plan } from "../../testing/runFixtures";

// Without layout the list has no height, and so no line would be in sight.
const SIZES = { clientHeight: 600, scrollHeight: 6_000_000 };
const real = Object.getOwnPropertyDescriptors(Element.prototype);
const scrolling = Element.prototype.scrollTo;
beforeAll(() => {
  for (const [size, pixels] of Object.entries(SIZES)) {
    Object.defineProperty(Element.prototype, size, { configurable: true, get: () => pixels });
  }
  Element.prototype.scrollTo = function (this: Element, to?: ScrollToOptions | number) {
    this.scrollTop = typeof to === "object" ? (to.top ?? 0) : 0;
    this.dispatchEvent(new Event("scroll"));
  } as Element["scrollTo"];
});
afterAll(() => {
  Object.defineProperty(Element.prototype, "clientHeight", real.clientHeight);
  Object.defineProperty(Element.prototype, "scrollHeight", real.scrollHeight);
  Element.prototype.scrollTo = scrolling;
});

// What is announced says the same beside the page.
const inPage = () => within(screen.getByRole("main"));
const grid = () => screen.findByRole("grid", { name: "Who holds what" });
const names = () => screen.getAllByTestId("holder").map((row) => within(row).getAllByRole("gridcell")[1]?.textContent);
const lineOf = (name: string) => {
  const line = screen.getAllByTestId("holder").find((row) => row.textContent?.includes(name));
  return line ?? expect.fail(`no line of ${name}`);
};
const done = (count: number) => screen.findByText(`${count} grants were found.`, { selector: "p *" });

describe("who has access", () => {
  it("is read at once, and told in a sentence and a row for each grant", async () => {
    const { backend } = open("/access", { audit: auditOf(fiveHolders) });
    await heading("Who has access");
    await done(5);
    expect(backend.callsOf("audit").map(([permissions]) => permissions)).toEqual([[]]);
    expect(await grid()).toHaveAttribute("aria-rowcount", "6");
    expect(screen.getAllByTestId("holder").map((row) => row.getAttribute("aria-rowindex"))).toEqual([
      "2",
      "3",
      "4",
      "5",
      "6",
    ]);
    expect(names()[0]).toContain("Contractors U+202Edeef");
    expect(lineOf("Upload users")).toHaveTextContent("SynchronizationData-User.Upload");
    expect(screen.getByRole("status")).toHaveTextContent("5 grants were found.");
    expect(screen.getByRole("link", { name: "Who has access" })).toHaveAttribute("aria-current", "page");
    await expectNoViolations();
  });

  it("shows rows while they are read, how far it is, and that it waits", async () => {
    const hand = auditByHand();
    const { backend, user } = open("/access", { audit: hand.audit });
    await heading("Who has access");
    expect(await screen.findByTestId("progress")).toHaveTextContent("Reading the grants of Brightwater Foods…");
    await expectNoViolations();
    act(() => {
      hand.tell({ kind: "rows", rows: fiveHolders });
      hand.tell({ kind: "progress", grantsRead: 34_000, pages: 35 });
    });
    await waitFor(() => expect(screen.getAllByTestId("holder")).toHaveLength(5));
    expect(screen.getByTestId("progress")).toHaveTextContent(
      "Read 34,000 grants in 35 pages; 5 of them are looked for.",
    );
    // As they came: they would move under the pointer otherwise.
    expect(names()[0]).toContain("HR feed");
    expect(screen.queryByRole("button", { name: "Save evidence…" })).toBeNull();
    act(() => hand.tell({ kind: "waiting", seconds: 12 }));
    expect(await screen.findByText(/asks to wait 12 seconds/)).toBeVisible();

    await user.click(screen.getByRole("button", { name: "Stop" }));
    expect(backend.callsOf("stopAudit")).toHaveLength(1);
    act(() => hand.refuse(problem({ code: "cancelled" })));
    expect(await screen.findByText("Stopped: this is only a part")).toBeVisible();
    expect(screen.getAllByTestId("holder")).toHaveLength(5);
    expect(screen.queryByRole("button", { name: "Save evidence…" })).toBeNull();
    await expectNoViolations();
  });

  it("shows nothing half when reading fails, and reads again on request", async () => {
    const hand = auditByHand();
    const { backend, user } = open("/access", { audit: hand.audit });
    await heading("Who has access");
    act(() => hand.tell({ kind: "rows", rows: fiveHolders }));
    await waitFor(() => expect(screen.getAllByTestId("holder")).toHaveLength(5));
    act(() => hand.refuse(problem()));
    expect(await screen.findByTestId("problem")).toHaveTextContent("could not be reached");
    expect(screen.queryByTestId("holder")).toBeNull();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(backend.callsOf("audit")).toHaveLength(2);
    act(() => {
      hand.tell({ kind: "rows", rows: fiveHolders });
      hand.end(summaryOf(fiveHolders));
    });
    await done(5);
    expect(screen.queryByTestId("problem")).toBeNull();
  });

  it("offers to sign in again when the session has ended", async () => {
    open("/access", { audit: () => Promise.reject(problem({ code: "notSignedIn" })) });
    expect(await screen.findByRole("button", { name: "Sign in again" })).toBeVisible();
  });

  it("says that nobody has it, and what one can do", async () => {
    open("/access", { audit: auditOf([]) });
    expect(await screen.findByText(/^Nobody in/)).toHaveTextContent(
      "Nobody in Brightwater Foods holds these permissions.",
    );
    expect(screen.getByRole("button", { name: "Set up access" })).toBeVisible();
    await expectNoViolations();
  });

  it("needs no filter for one", async () => {
    open("/access", { audit: auditOf([holder]) });
    await grid();
    expect(screen.getAllByTestId("holder")).toHaveLength(1);
    expect(screen.queryByRole("textbox", { name: "Look for" })).toBeNull();
  });

  it("tells what has changed since the last time, and which permission the tenant does not offer", async () => {
    const summary = summaryOf(fiveHolders);
    const { user } = open("/access", {
      audit: auditOf(fiveHolders, {
        permissions: summary.permissions.map((one, index) => ({ ...one, offered: index > 0 })),
        changes: {
          since: "2026-11-20T09:00:00Z",
          operator: "tomasz@brightwater.example",
          lines: [{ kind: "added", sentence: '"HR feed" may upload users now.', principalId: PRINCIPAL }],
          more: 3,
        },
      }),
    });
    await user.click(await screen.findByText("4 changes since last time"));
    expect(screen.getByTestId("change")).toHaveTextContent('New: "HR feed" may upload users now.');
    expect(screen.getByText("3 more changes are not listed.")).toBeVisible();
    expect(screen.getByText(/does not offer/)).toHaveTextContent(upload.value);
  });

  it("saves evidence of what was read", async () => {
    const { backend, user } = open("/access", { audit: auditOf(fiveHolders) });
    await user.click(await screen.findByRole("button", { name: "Save evidence…" }));
    await user.click(await screen.findByRole("menuitem", { name: /Table \(CSV\)/ }));
    expect(backend.callsOf("saveEvidence")).toEqual([[{ kind: "audit", id: summaryOf([]).id }, "csv"]]);
  });
});

describe("the list", () => {
  it("holds 100,000 rows, of which only those in sight exist", async () => {
    const { user } = open("/access", { audit: auditOf(manyHolders(100_000)) });
    await done(100_000);
    const list = await grid();
    expect(list).toHaveAttribute("aria-rowcount", "100001");
    expect(screen.getAllByTestId("holder").length).toBeLessThan(40);
    expect(names()[0]).toContain("Feed 000000");
    list.focus();
    await user.keyboard("{End}");
    await waitFor(() => expect(lineOf("Feed 099999")).toHaveAttribute("aria-rowindex", "100001"));
    expect(screen.getAllByTestId("holder").length).toBeLessThan(40);
    expect(document.getElementById(list.getAttribute("aria-activedescendant") ?? "")).toBe(lineOf("Feed 099999"));

    await user.click(screen.getByRole("checkbox", { name: "Choose all 100,000 shown" }));
    expect(inPage().getByText("100,000 grants chosen")).toBeVisible();
    expect(screen.getByRole("button", { name: "Revoke 100,000 permissions…" })).toHaveAttribute(
      "aria-disabled",
      "true",
    );
    expect(screen.getByText("At most 500 can be revoked at a time. Choose fewer.")).toBeVisible();
  });

  it("begins at its top when it is read again", async () => {
    const { user } = open("/access", { audit: auditOf(manyHolders(1000)) });
    await done(1000);
    const list = await grid();
    list.focus();
    await user.keyboard("{End}");
    await waitFor(() => expect(lineOf("Feed 000999")).toBeVisible());
    await user.click(screen.getByRole("button", { name: "Read again" }));
    await waitFor(() => expect(names()[0]).toContain("Feed 000000"));
    expect((await grid()).scrollTop).toBe(0);
  });

  it("is filtered by text, permission and type, and sorted by its heads", async () => {
    const { user } = open("/access", { audit: auditOf(fiveHolders) });
    await done(5);
    await user.type(screen.getByRole("textbox", { name: "Look for" }), "zoe");
    await waitFor(() => expect(screen.getAllByTestId("holder")).toHaveLength(1));
    expect(screen.getByText("1 of 5 rows")).toBeVisible();
    await user.selectOptions(screen.getByRole("combobox", { name: "Permission" }), auditLog.value);
    expect(await screen.findByText("None of 5 rows matches.")).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Show all" }));
    await waitFor(() => expect(screen.getAllByTestId("holder")).toHaveLength(5));
    await user.selectOptions(screen.getByRole("combobox", { name: "Type" }), "Groups");
    await waitFor(() => expect(screen.getAllByTestId("holder")).toHaveLength(1));
    await user.selectOptions(screen.getByRole("combobox", { name: "Type" }), "All types");

    await user.click(screen.getByRole("button", { name: "Granted" }));
    expect(screen.getByRole("columnheader", { name: "Granted" })).toHaveAttribute("aria-sort", "ascending");
    expect(names()[0]).toContain("Contractors");
    await user.click(screen.getByRole("button", { name: "Granted" }));
    expect(names()[0]).toContain("HR feed");
    expect(names().at(-1)).toContain("Zoë");
  });

  it("is grouped by holder, closed at first, with counts", async () => {
    const { user } = open("/access", { audit: auditOf(fiveHolders) });
    await done(5);
    await user.selectOptions(screen.getByRole("combobox", { name: "Group by" }), "Who holds it");
    const list = await screen.findByRole("treegrid", { name: "Who holds what" });
    const heads = screen.getAllByTestId("group");
    expect(heads.map((head) => head.textContent)).toEqual([
      "Contractors U+202Edeef1 grant",
      "HR feed2 grants",
      "Zoë Ames1 grant",
      "موارد بشرية1 grant",
    ]);
    expect(screen.queryByTestId("holder")).toBeNull();
    await expectNoViolations();
    list.focus();
    await user.keyboard("{ArrowDown}{ArrowRight}");
    expect(screen.getAllByTestId("group")[1]).toHaveAttribute("aria-expanded", "true");
    expect(screen.getAllByTestId("holder").map((row) => row.getAttribute("aria-level"))).toEqual(["2", "2"]);
    await user.keyboard(" ");
    expect(inPage().getByText("2 grants chosen")).toBeVisible();
    await user.keyboard("{ArrowLeft}");
    expect(screen.queryByTestId("holder")).toBeNull();
  });

  it("reads more of those in sight, together and once, and says what could not be read", async () => {
    const details = [
      detailsOf(PRINCIPAL, { enabled: false, daysLeft: -3, credentialEnds: "2026-11-21T00:00:00Z" }),
      detailsOf("id-ar", { homeTenant: "72f988bf-86f1-41af-91ab-2d7cd011db47", credentials: null, enabled: null }),
    ];
    const { backend } = open("/access", { audit: auditOf(fiveHolders), holderDetails: async () => details });
    await done(5);
    await waitFor(() => expect(lineOf("Upload users")).toHaveTextContent("Blocked"));
    const own = screen.getAllByTestId("holder").find((row) => row.textContent?.includes("HR feed"));
    expect(own).toHaveTextContent("App registration");
    expect(own).toHaveTextContent("ended 3 days ago");
    const foreign = lineOf("موارد بشرية");
    expect(foreign).toHaveTextContent("of tenant 72f988bf…db47");
    expect(foreign).toHaveTextContent("Kept in its tenant");
    expect(foreign).toHaveTextContent("Not readable");
    expect(lineOf("Zoë")).toHaveTextContent("Does not apply");
    expect(backend.callsOf("holderDetails")).toEqual([[[PRINCIPAL, "id-ar"]]]);
    await expectNoViolations();
  });

  it("stands without the details when they cannot be read", async () => {
    const { user, backend } = open("/access", {
      audit: auditOf([holder]),
      holderDetails: () => Promise.reject(problem()),
    });
    expect(await screen.findByTestId("details-failed")).toHaveTextContent("could not be reached");
    expect(screen.getAllByTestId("holder")).toHaveLength(1);
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(backend.callsOf("holderDetails")).toHaveLength(2));
  });
});

describe("choosing and revoking", () => {
  it("leads to the plan of exactly those that were chosen, and reads again after it was run", async () => {
    const revoking = { ...plan, doing: "fix" as const };
    const { backend, user } = open("/access", { audit: auditOf(fiveHolders), planFix: async () => revoking });
    await done(5);
    await user.click(screen.getByRole("checkbox", { name: `Choose HR feed, ${upload.value}` }));
    await user.click(screen.getByRole("checkbox", { name: /Choose Zoë/ }));
    expect(inPage().getByText("2 grants chosen")).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Look for" }), "zoe");
    expect(await screen.findByText("1 of them is not shown now")).toBeVisible();
    await expectNoViolations();
    await user.click(screen.getByRole("button", { name: "Revoke 2 permissions…" }));
    expect(await screen.findByRole("button", { name: "Back to who has access" })).toBeVisible();
    expect(backend.callsOf("planFix")).toEqual([
      [
        {
          kind: "revoke",
          grants: [
            { id: holder.grantId, principal: PRINCIPAL },
            { id: "grant-zoe", principal: "id-zoe" },
          ],
        },
      ],
    ]);
    // Back without having done it: all is as it was.
    await user.click(screen.getByRole("button", { name: "Back to who has access" }));
    expect(await inPage().findByText("2 grants chosen")).toBeVisible();
    expect(backend.callsOf("audit")).toHaveLength(1);

    await user.click(screen.getByRole("button", { name: "Revoke 2 permissions…" }));
    await user.click(await screen.findByRole("button", { name: /^Revoke these|^Revoke 2|^Revoke/ }));
    await waitFor(() => expect(backend.callsOf("runPlan")).toHaveLength(1));
    await user.click(screen.getByRole("link", { name: "Who has access" }));
    await waitFor(() => expect(backend.callsOf("audit")).toHaveLength(2));
    await done(5);
    expect(inPage().queryByText("2 grants chosen")).toBeNull();
  });

  it("goes by the keyboard alone", async () => {
    const { user } = open("/access", { audit: auditOf(fiveHolders) });
    await done(5);
    const list = await grid();
    await tabTo(user, list);
    await user.keyboard("{ArrowDown} ");
    expect(inPage().getByText("1 grant chosen")).toBeVisible();
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(inPage().getByText("3 grants chosen")).toBeVisible();
    expect(screen.getAllByRole("row", { selected: true })).toHaveLength(3);
    await user.keyboard("{Control>}a{/Control}");
    expect(inPage().getByText("5 grants chosen")).toBeVisible();
    expect(screen.getByRole("status")).toHaveTextContent("5 grants chosen");
    await user.keyboard("{Home}{ArrowDown}{Enter}");
    await heading("HR feed");
  });

  it("reaches with Shift from one box to another", async () => {
    open("/access", { audit: auditOf(fiveHolders) });
    await done(5);
    const boxes = await screen.findAllByRole("checkbox", { name: /^Choose .+, / });
    fireEvent.click(boxes[0] as HTMLElement);
    fireEvent.click(boxes[3] as HTMLElement, { shiftKey: true });
    expect(inPage().getByText("4 grants chosen")).toBeVisible();
  });

  it("opens the holder of a row, and finds the list as it was", async () => {
    const { backend, user } = open("/access", { audit: auditOf(fiveHolders) });
    await done(5);
    await user.type(screen.getByRole("textbox", { name: "Look for" }), "feed");
    await waitFor(() => expect(screen.getAllByTestId("holder")).toHaveLength(2));
    await user.click(lineOf("HR feed"));
    await heading("HR feed");
    expect(backend.callsOf("verify")[0]?.[0]).toBe(PRINCIPAL);
    await user.click(screen.getByRole("link", { name: "Who has access" }));
    await heading("Who has access");
    expect(screen.getByRole("textbox", { name: "Look for" })).toHaveValue("feed");
    expect(screen.getAllByTestId("holder")).toHaveLength(2);
    expect(backend.callsOf("audit")).toHaveLength(1);
  });
});

describe("a further choice", () => {
  it("never begins at a line that has another row since everything was read", async () => {
    const hand = auditByHand();
    open("/access", { audit: hand.audit });
    await heading("Who has access");
    act(() => hand.tell({ kind: "rows", rows: fiveHolders }));
    await waitFor(() => expect(screen.getAllByTestId("holder")).toHaveLength(5));
    const boxes = () => screen.getAllByRole("checkbox", { name: /^Choose .+, / });
    // Zoë, who stands elsewhere once the list is sorted.
    fireEvent.click(boxes()[3] as HTMLElement);
    act(() => hand.end(summaryOf(fiveHolders)));
    await done(5);
    fireEvent.click(boxes()[1] as HTMLElement, { shiftKey: true });
    // From the top, as in a list where nothing was chosen yet; and Zoë besides.
    expect(inPage().getByText("3 grants chosen")).toBeVisible();
  });
});

describe("other permissions", () => {
  it("are chosen from those of the job or typed, and looked for", async () => {
    const { backend, user } = open("/access", { audit: auditOf(fiveHolders) });
    await done(5);
    await user.click(screen.getByRole("button", { name: "Choose other permissions…" }));
    const dialog = await screen.findByRole("dialog", { name: "Which permissions to look for" });
    expect(within(dialog).getByRole("checkbox", { name: /Upload$/ })).toBeChecked();
    await expectNoViolations();
    await user.click(within(dialog).getByRole("checkbox", { name: /Upload$/ }));
    const another = within(dialog).getByRole("combobox", { name: "Another permission, by its value" });
    await user.type(another, "not a value");
    await user.click(within(dialog).getByRole("button", { name: "Add" }));
    expect(within(dialog).getByText(/letters, digits, points and hyphens/)).toBeVisible();
    await user.clear(another);
    await user.type(another, "Mail.Send");
    await user.click(within(dialog).getByRole("button", { name: "Add" }));
    await user.click(within(dialog).getByRole("button", { name: "Look for these 2 permissions" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(backend.callsOf("audit").map(([permissions]) => permissions)).toEqual([[], [auditLog.value, "Mail.Send"]]);
  });
});
