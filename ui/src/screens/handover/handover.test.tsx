import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { developerPacket, road, snippet } from "../../testing/accessFixtures";
import { problem } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";

const START = "/verify/x/handover";
const python = { ...snippet, id: "py", key: "python", title: "Python", explanation: "The same.", text: "import os\n" };
const packet = { ...developerPacket, snippets: [snippet, python] };

describe("the hand-over to the API developer", () => {
  it("gives each fact to copy, and all of them at once", async () => {
    const { backend, user } = open(START, { developerPacket: async () => packet });
    await heading("Hand over HR feed");
    expect(backend.callsOf("developerPacket")).toEqual([["x", null]]);
    await user.click(screen.getByRole("button", { name: "Copy Client id" }));
    await user.click(screen.getByRole("button", { name: "Copy all facts" }));
    expect(backend.callsOf("copyText")).toEqual([
      [developerPacket.facts[1]?.value],
      [developerPacket.facts.map(({ label, value }) => `${label}: ${value}`).join("\n")],
    ]);
    await expectNoViolations();
  });

  it("shows one text at a time, to copy or save, by keyboard too", async () => {
    const { backend, user } = open(START, { developerPacket: async () => packet });
    const tabs = await screen.findByRole("tablist", { name: "Kinds of program" });
    expect(within(tabs).getByRole("tab", { name: "cURL", selected: true })).toBeVisible();
    expect(screen.getByRole("tabpanel", { name: "cURL" })).toHaveTextContent(
      "Put the client secret into the variable CLIENT_SECRET first.",
    );
    within(tabs).getByRole("tab", { name: "cURL" }).focus();
    await user.keyboard("{ArrowRight}{Enter}");
    const panel = await screen.findByRole("tabpanel", { name: "Python" });
    expect(within(panel).getByRole("region", { name: "Python, text" })).toHaveTextContent("import os");
    await user.click(within(panel).getByRole("button", { name: "Copy" }));
    await user.click(within(panel).getByRole("button", { name: "Save Python…" }));
    expect(backend.callsOf("copyText")).toEqual([["import os\n"]]);
    expect(backend.callsOf("saveSnippet")).toEqual([["py"]]);
    expect(await within(panel).findByText("Saved as /home/imogen/upload.sh.")).toBeVisible();
    await expectNoViolations();
  });

  it("can be made for another job", async () => {
    const { backend, user } = open(START);
    await user.selectOptions(
      await screen.findByRole("combobox", { name: "For the provisioning job" }),
      road.jobs[0]?.id ?? "",
    );
    await waitFor(() => expect(backend.callsOf("developerPacket").at(-1)).toEqual(["x", road.jobs[0]?.id]));
  });

  it("says first what is still missing", async () => {
    open(START, { developerPacket: async () => ({ ...packet, lacks: "There is no provisioning job yet." }) });
    expect(await screen.findByText("There is no provisioning job yet.")).toBeVisible();
  });

  it("tells why it cannot be made, and tries again", async () => {
    let tries = 0;
    const { user } = open(START, {
      developerPacket: async () => {
        tries += 1;
        if (tries === 1) {
          throw problem({ message: "Graph did not answer." });
        }
        return packet;
      },
    });
    expect(await screen.findByRole("alert")).toHaveTextContent("Graph did not answer.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await heading("Hand over HR feed");
  });

  it("is reached from the check, and leads back to it", async () => {
    const { user } = open("/verify/x");
    await user.click(await screen.findByRole("button", { name: "Hand over to the API developer…" }));
    await heading("Hand over HR feed");
    await user.click(screen.getByRole("button", { name: "Back" }));
    await heading("HR feed");
  });
});

describe("evidence", () => {
  it("is saved in the form that is chosen, and says where it went", async () => {
    const { backend, user } = open("/verify/x");
    await user.click(await screen.findByRole("button", { name: "Save evidence…" }));
    expect(screen.getAllByRole("menuitem").map((item) => item.textContent)).toEqual([
      expect.stringContaining("Report (HTML)"),
      expect.stringContaining("Table (CSV)"),
      expect.stringContaining("Data (JSON)"),
    ]);
    await user.click(screen.getByRole("menuitem", { name: /Report \(HTML\)/ }));
    const words = "The evidence is saved as /home/imogen/evidence.html. It holds no secret.";
    expect(await screen.findByRole("status")).toHaveTextContent(words);
    expect(backend.callsOf("saveEvidence")).toEqual([
      [{ kind: "verification", id: "7e41f1ca-0000-4000-8000-000000000001" }, "html"],
    ]);
    await expectNoViolations();
  });

  it("says nothing when no file was chosen, and why when it could not be written", async () => {
    let saves = 0;
    const { user } = open("/verify/x", {
      saveEvidence: async () => {
        saves += 1;
        if (saves === 1) {
          return { path: null };
        }
        throw problem({ message: "The disk is full.", advice: null });
      },
    });
    for (const expected of [null, "The disk is full."]) {
      await user.click(await screen.findByRole("button", { name: "Save evidence…" }));
      await user.click(screen.getByRole("menuitem", { name: /Data \(JSON\)/ }));
      if (expected === null) {
        expect(screen.queryByText(/The evidence is saved/)).toBeNull();
      } else {
        expect((await screen.findAllByText(expected))[0]).toBeVisible();
      }
    }
  });
});
