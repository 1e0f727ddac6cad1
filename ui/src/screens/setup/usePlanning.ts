import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import type { Origin } from "../../app/jobState";
import type { Backend } from "../../backend/backend";
import { useBackend } from "../../backend/context";
import type { Fix, OpenedConsent, PlanView, Problem, RunView, SetupRequest } from "../../backend/types";
import { useWords, type WordId } from "../../words/useWords";

type Asked =
  | {
      request: SetupRequest;
      /** Client id of the app that it means, where it is known already. */
      clientId?: string | null;
      /** The form's edition that it was read from, where that was earlier than now. */
      edition?: number;
    }
  | { consent: OpenedConsent }
  /** What mends a finding, and the page that showed it. */
  | { fix: Fix; from: Origin }
  /** A run of before, by its id. */
  | { continues: string }
  | { undoes: string };

/** Reads the tenant, makes the plan of what is asked for, and shows it. */
export function usePlanning() {
  const backend = useBackend();
  const navigate = useNavigate();
  const t = useWords();
  const { planned, edition } = useJob();
  return useMutation({
    mutationFn: async (asked: Asked) => {
      const before = ("request" in asked ? asked.edition : undefined) ?? edition();
      const plan = await planOf(backend, asked);
      // Only these are asked for in a form.
      if (("request" in asked || "consent" in asked) && edition() !== before) {
        throw outdated(t);
      }
      return plan;
    },
    onSuccess: (plan, asked) => {
      planned("request" in asked ? { request: asked.request, clientId: asked.clientId ?? null } : asked, plan);
      navigate({ to: "/setup/plan" });
    },
  });
}

function planOf(backend: Backend, asked: Asked): Promise<PlanView> {
  if ("continues" in asked) {
    return backend.planContinue(asked.continues);
  }
  if ("undoes" in asked) {
    return backend.planUndo(asked.undoes);
  }
  if ("fix" in asked) {
    return backend.planFix(asked.fix);
  }
  return "consent" in asked ? backend.planConsent(asked.consent.id) : backend.planSetup(asked.request);
}

/** What was asked for when this plan was made for a run of before; none for any other plan. */
export function askedAgain({ doing, runId }: PlanView): Asked | null {
  if (runId === null) {
    return null;
  }
  return doing === "undo" ? { undoes: runId } : { continues: runId };
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
