import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import { useBackend } from "../../backend/context";
import type { OpenedConsent, Problem, RunView, SetupRequest } from "../../backend/types";
import { useWords, type WordId } from "../../words/useWords";

type Asked =
  | {
      request: SetupRequest;
      /** Client id of the app that it means, where it is known already. */
      clientId?: string | null;
      /** The form's edition that it was read from, where that was earlier than now. */
      edition?: number;
    }
  | { consent: OpenedConsent };

/** Reads the tenant, makes the plan for a request, one's own or another's for consent, and shows it. */
export function usePlanning() {
  const backend = useBackend();
  const navigate = useNavigate();
  const t = useWords();
  const { planned, edition } = useJob();
  return useMutation({
    mutationFn: async (asked: Asked) => {
      const before = ("request" in asked ? asked.edition : undefined) ?? edition();
      const plan = await ("consent" in asked
        ? backend.planConsent(asked.consent.id)
        : backend.planSetup(asked.request));
      if (edition() !== before) {
        throw outdated(t);
      }
      return plan;
    },
    onSuccess: (plan, asked) => {
      planned("consent" in asked ? asked : { request: asked.request, clientId: asked.clientId ?? null }, plan);
      navigate({ to: "/setup/plan" });
    },
  });
}

/** The form says something else by now than the plan that has come for it. */
function outdated(t: (id: WordId) => string): Problem {
  return {
    code: "stale",
    message: t("setup.outdated"),
    exists: t("setup.outdatedExists"),
    advice: t("setup.outdatedAdvice"),
    fields: [],
    trace: null,
  };
}

/**
 * The request for what a run left undone. "Make another" must then mean the app that the run made: asked again as it
 * was, it would make one more.
 */
export function requestForTheRest(request: SetupRequest, run: RunView | null): SetupRequest {
  if (request.kind !== "appRegistration" || request.app.kind !== "another") {
    return request;
  }
  const made = run?.made.find((object) => object.idName === "client id");
  return made === undefined ? request : { ...request, app: { kind: "existing", clientId: made.id } };
}
