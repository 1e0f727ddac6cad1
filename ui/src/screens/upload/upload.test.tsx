import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { UploadView } from "../../backend/types";
import { road, uploadDone, uploadPreview, uploadWaiting } from "../../testing/accessFixtures";
import { appInfo, CLIENT, problem, realConnection } from "../../testing/fixtures";
import { expectNoViolations, heading, open } from "../../testing/open";

const START = `/verify/x/upload?client=${CLIENT}&name=HR%20feed`;
const SEND = "Upload 1 user to Staff from HR to Microsoft Entra ID";

/** An upload that the test moves on itself. */
function byHand() {
  let listener: (view: UploadView) => void = () => undefined;
  let resolve: (view: UploadView) => void = () => undefined;
  let reject: (thrown: unknown) => void = () => undefined;
  return {
    startUpload: (_id: string, onNews: (view: UploadView) => void) => {
      listener = onNews;
      return new Promise<UploadView>((settle, refuse) => {
        resolve = settle;
        reject = refuse;
      });
    },
    tell: (view: UploadView) => act(() => listener(view)),
    end: (view: UploadView) => act(async () => resolve(view)),
    breakOff: (thrown: unknown) => act(async () => reject(thrown)),
  };
}

describe("before anything is sent", () => {
  it("begins with a job that takes users and a user of this tenant, and says that nothing real is touched", async () => {
    const { backend, user } = open(START);
    await heading("Try a real upload");
    expect(await screen.findByRole("combobox", { name: "Provisioning job" })).toHaveDisplayValue(/^Staff from HR/);
    expect(screen.getByText("This is the practice tenant: nothing real is touched.")).toBeVisible();
    expect(screen.getByRole("textbox", { name: /Sign-in name/ })).toHaveValue("trial.upload@brightwater.example");
    await user.click(screen.getByRole("button", { name: "See what would be sent" }));
    const preview = await screen.findByRole("region", { name: "What would be sent" });
    expect(backend.callsOf("prepareUpload")).toEqual([
      [
        {
          clientId: CLIENT,
          appObjectId: road.jobs[1]?.appObjectId,
          jobId: road.jobs[1]?.id,
          user: {
            externalId: "trial-0001",
            userName: "trial.upload@brightwater.example",
            givenName: "Trial",
            familyName: "Upload",
            active: true,
          },
        },
      ],
    ]);
    expect(preview).toHaveTextContent("Nothing has been sent yet.");
    expect(preview).toHaveTextContent(uploadPreview.address);
    expect(preview).toHaveTextContent("application/scim+json");
    expect(preview).toHaveTextContent("BulkRequest");
    expect(preview).toHaveTextContent("creates, updates or disables a real user");
    expect(screen.getByRole("heading", { name: "What would be sent" })).toHaveFocus();
    expect(backend.callsOf("startUpload")).toEqual([]);
    await expectNoViolations();
  });

  it("warns in a real tenant that it is no dry run", async () => {
    open(START, { appInfo: async () => ({ ...appInfo, connection: realConnection }) });
    expect(await screen.findByText(/This is no dry run/)).toHaveTextContent("a real user of Contoso");
  });

  it("takes the preview away as soon as something else would be sent", async () => {
    const { user } = open(START);
    await user.click(await screen.findByRole("button", { name: "See what would be sent" }));
    expect(await screen.findByRole("button", { name: SEND })).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: /First name/ }), "x");
    expect(screen.queryByRole("button", { name: SEND })).toBeNull();
  });

  it("asks for what is missing at its field, and puts Rust's words there too", async () => {
    const { backend, user } = open(START, {
      prepareUpload: async () => {
        throw problem({
          code: "invalidInput",
          message: "The user cannot be sent as it is.",
          fields: [{ field: "user.userName", message: "It must hold an @." }],
        });
      },
    });
    const name = await screen.findByRole("textbox", { name: /Sign-in name/ });
    await user.clear(name);
    await user.click(screen.getByRole("button", { name: "See what would be sent" }));
    expect(name).toHaveFocus();
    expect(name).toHaveAccessibleDescription("This is needed.");
    expect(backend.callsOf("prepareUpload")).toEqual([]);
    await user.type(name, "nobody");
    await user.click(screen.getByRole("button", { name: "See what would be sent" }));
    await waitFor(() => expect(name).toHaveAccessibleDescription("It must hold an @."));
    expect(screen.getByTestId("problem")).toHaveTextContent("The user cannot be sent as it is.");
    expect(name).toHaveFocus();
  });

  it("tells what is missing where there is no job", async () => {
    open(START, { road: async () => ({ ...road, jobs: [] }) });
    expect(await screen.findByText(/There is no API-driven provisioning app/)).toBeVisible();
  });
});

describe("after it was sent", () => {
  const send = async (hand: ReturnType<typeof byHand>, stopUpload?: (id: string) => Promise<void>) => {
    const opened = open(START, { startUpload: hand.startUpload, ...(stopUpload && { stopUpload }) });
    await opened.user.click(await screen.findByRole("button", { name: "See what would be sent" }));
    await opened.user.click(await screen.findByRole("button", { name: SEND }));
    return opened;
  };
  const live = () => screen.getByTestId("upload");

  it("goes from sending to accepted to the log's entries, and says each turn once", async () => {
    const hand = byHand();
    const { backend } = await send(hand);
    expect(backend.callsOf("startUpload")[0]?.[0]).toBe(uploadPreview.id);
    expect(live()).toHaveTextContent("Sending");
    const nextLook = new Date(Date.now() + 45_000).toISOString();
    hand.tell({ ...uploadWaiting, nextLook });
    expect(live()).toHaveTextContent("Waiting for the log");
    expect(live()).toHaveTextContent("Accepted (202)");
    expect(live()).toHaveTextContent(uploadDone.requestId as string);
    expect(live()).toHaveTextContent("The log does not tell of it yet.");
    expect(screen.getByRole("timer")).toHaveTextContent(/^in 4[3-6] seconds$/);
    expect(screen.getByRole("status")).toHaveTextContent("Trial upload. Entra has accepted it");
    await expectNoViolations();
    await hand.end(uploadDone);
    expect(live()).toHaveAttribute("data-state", "done");
    const entries = within(screen.getByRole("list", { name: "What the log says" })).getAllByRole("listitem");
    expect(entries[0]).toHaveTextContent("SuccessCreate · 701984");
    expect(screen.getByRole("status")).toHaveTextContent("Trial upload. The user was created.");
    expect(screen.queryByRole("timer")).toBeNull();
  });

  it("tells why a user was not taken, with Entra's code and advice", async () => {
    const hand = byHand();
    await send(hand);
    await hand.end({
      ...uploadDone,
      sentence: "The user was not created.",
      entries: uploadDone.entries.map((entry) => ({
        ...entry,
        outcome: "failure",
        reason: "The sign-in name is taken.",
        code: "DuplicateTargetEntries",
        recommended: "Choose another one.",
      })),
    });
    const entry = screen.getByTestId("log-entry");
    expect(entry).toHaveTextContent("Failure");
    expect(entry).toHaveTextContent("The sign-in name is taken.");
    expect(entry).toHaveTextContent("Entra's code: DuplicateTargetEntries");
    expect(entry).toHaveTextContent("Entra recommends: Choose another one.");
  });

  it("goes on while one is elsewhere, and is there again afterwards", async () => {
    const hand = byHand();
    const { user } = await send(hand);
    hand.tell(uploadWaiting);
    await user.click(screen.getByRole("link", { name: /Activity/ }));
    await heading("Activity");
    await hand.end(uploadDone);
    expect(screen.getByRole("status")).toHaveTextContent("Trial upload. The user was created.");
  });

  it("stops looking on demand, and says that nothing is taken back", async () => {
    const hand = byHand();
    const stop = vi.fn(async () => undefined);
    const { user } = await send(hand, stop);
    hand.tell(uploadWaiting);
    expect(screen.getByText("Stopping takes nothing back: what was sent stays sent.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Stop looking" }));
    expect(stop).toHaveBeenCalledWith(uploadPreview.id);
    await hand.end({ ...uploadWaiting, state: "stopped", sentence: "You stopped looking." });
    expect(live()).toHaveTextContent("Not looking any more. You stopped looking.");
    await user.click(screen.getByRole("button", { name: "Upload another user" }));
    expect(await screen.findByRole("button", { name: "See what would be sent" })).toBeVisible();
  });

  it("waits for nothing any more once following it broke off", async () => {
    const hand = byHand();
    await send(hand);
    hand.tell(uploadWaiting);
    await hand.breakOff(problem({ message: "Your session has ended." }));
    expect(live()).toHaveAttribute("data-state", "failed");
    expect(live()).not.toHaveTextContent("Waiting for the log");
    expect(live()).toHaveTextContent("Accepted (202)");
    expect(screen.getByRole("alert")).toHaveTextContent("Your session has ended.");
    expect(screen.getByRole("button", { name: "Upload another user" })).toBeVisible();
  });

  it("shows the problem of one that was not accepted", async () => {
    const hand = byHand();
    await send(hand);
    await hand.end({
      ...uploadDone,
      state: "failed",
      sentence: "It was not accepted.",
      acceptedAt: null,
      entries: [],
      problem: problem({ message: "Graph refused the upload." }),
    });
    expect(live()).toHaveTextContent("Failed. It was not accepted.");
    expect(screen.getByRole("alert")).toHaveTextContent("Graph refused the upload.");
    expect(screen.queryByText("What the log says")).toBeNull();
  });
});
