import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useJob } from "../../app/job";
import { useBackend } from "../../backend/context";
import type { RunView, SetupRequest } from "../../backend/types";

interface Wanted {
  request: SetupRequest;
  /** Client id of the app that it means, where it is known already. */
  clientId?: string | null;
}

/** Reads the tenant, makes the plan for a request, and shows it. */
export function usePlanning() {
  const backend = useBackend();
  const navigate = useNavigate();
  const { planned } = useJob();
  return useMutation({
    mutationFn: ({ request }: Wanted) => backend.planSetup(request),
    onSuccess: (plan, { request, clientId }) => {
      planned(request, clientId ?? null, plan);
      navigate({ to: "/setup/plan" });
    },
  });
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
