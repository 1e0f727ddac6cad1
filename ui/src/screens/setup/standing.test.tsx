import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Backend } from "../../backend/backend";
import type { PlanView, SetupRequest } from "../../backend/types";
import { planThatAsks, planToActivate, planWithOffer } from "../../testing/consentFixtures";
import { expectNoViolations, heading, open } from "../../testing/open";
import { plan } from "../../testing/runFixtures";
import { notKnown, partlyRead, preflight, privilegedRoleAdministrator } from "../../testing/sessionFixtures";

async function planned(answers: Partial<Backend>) {
  const opened = open("/setup/identity", answers);
  await opened.user.click(await screen.findByRole("radio", { name: /System-assigned identity, Logic App/ }));
  await opened.user.click(screen.getByRole("button", { name: "See the plan" }));
  await heading(/change/);
  return opened;
}

const steps = () => within(screen.getByRole("list", { name: "Steps of the plan" })).getAllByRole("listitem");

describe("whether one can do the steps of a plan", () => {
  it("stands beside each of them, and once more with its reason", async () => {
    const withUnknown: PlanView = {
      ...planToActivate,
      steps: planToActivate.steps.map((step) => (step.number === 2 ? { ...step, standing: notKnown } : step)),
    };
    await planned({ planSetup: async () => withUnknown });
    const rows = steps();
    expect(rows[0]).not.toHaveTextContent("you can");
    expect(rows[1]).toHaveTextContent("unknown, may still work");
    expect(rows[2]).toHaveTextContent("you can");
    expect(rows[3]).toHaveTextContent("activate Privileged Role Administrator first");
    expect(screen.getByText(/^Step 2: None of your roles is known to allow it/)).toBeVisible();
    expect(screen.getByText(/^Steps 4 and 5: You may activate Privileged Role Administrator/)).toBeVisible();
    await expectNoViolations();
  });

  it("changes when the role is activated right there: the plan is made anew", async () => {
    let active = false;
    const { backend, user } = await planned({
      planSetup: async () => (active ? { ...plan, id: "plan-9", warnings: [] } : planToActivate),
      activateRole: async () => {
        active = true;
        return { ...preflight, roles: ["Privileged Role Administrator"] };
      },
    });
    await user.click(screen.getByRole("button", { name: "Activate Privileged Role Administrator…" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "HR feed");
    await user.click(within(dialog).getByRole("button", { name: "Activate for 1 hour" }));
    await waitFor(() => expect(backend.callsOf("planSetup")).toHaveLength(2));
    await waitFor(() => expect(steps()[3]).toHaveTextContent("you can"));
    expect(backend.callsOf("activateRole")).toEqual([[privilegedRoleAdministrator.roleId, "HR feed", 1]]);
    expect(screen.queryByRole("button", { name: /^Activate/ })).toBeNull();
    const title = await heading("Five changes");
    await waitFor(() => expect(title).toHaveFocus());
  });

  it("leaves the plan as it is while Entra has only taken the request", async () => {
    const { backend, user } = await planned({
      planSetup: async () => planToActivate,
      activateRole: async () => partlyRead,
    });
    await user.click(screen.getByRole("button", { name: "Activate Privileged Role Administrator…" }));
    const dialog = await screen.findByRole("dialog");
    await user.type(within(dialog).getByRole("textbox", { name: /Reason/ }), "HR feed");
    await user.click(within(dialog).getByRole("button", { name: "Activate for 1 hour" }));
    expect(await screen.findAllByText(/is not active yet/)).not.toHaveLength(0);
    expect(backend.callsOf("planSetup")).toHaveLength(1);
  });
});

describe("steps that another administrator has to do", () => {
  const byRequest = (request: SetupRequest) => (request.askConsent ? planThatAsks : planWithOffer);

  it("are offered to be handed over; then the button counts honestly", async () => {
    const { backend, user } = await planned({ planSetup: async (request) => byRequest(request) });
    expect(steps()[3]).toHaveTextContent("needs Privileged Role Administrator or Global Administrator");
    expect(screen.getByRole("button", { name: "Make these 5 changes" })).toBeEnabled();
    // The offer says who could; nothing says it twice.
    expect(screen.queryByText(/^Steps 4 and 5:/)).toBeNull();
    expect(screen.getByText(/A Privileged Role Administrator can grant them/)).toBeVisible();
    await expectNoViolations();

    await user.click(screen.getByRole("button", { name: "Hand over these 2 steps" }));
    await heading("Three changes, 2 permissions to ask for");
    expect(backend.callsOf("planSetup").map(([request]) => (request as SetupRequest).askConsent)).toEqual([
      false,
      true,
    ]);
    expect(steps()[3]).toHaveTextContent("will ask for consent");
    expect(screen.getByRole("button", { name: "Make these 3 changes and ask for consent to 2" })).toBeEnabled();
    await expectNoViolations();

    await user.click(screen.getByRole("button", { name: "Grant them in this run instead" }));
    await heading("Five changes");
    expect(backend.callsOf("planSetup")[2]?.[0]).toMatchObject({ askConsent: false });
  });

  it("can be all that is left: then nothing is called a change", async () => {
    await planned({
      planSetup: async () => ({
        ...planThatAsks,
        steps: planThatAsks.steps.map((step) =>
          step.effect === "willAskConsent" ? step : { ...step, effect: "alreadySo", requests: [], standing: null },
        ),
      }),
    });
    await heading("Nothing to change, 2 permissions to ask for");
    expect(screen.getByRole("button", { name: "Ask for consent to 2 permissions" })).toBeEnabled();
  });
});
