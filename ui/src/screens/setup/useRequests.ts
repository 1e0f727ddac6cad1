import { useJob } from "../../app/job";
import type { RequestPreview } from "../../backend/types";

/** The requests behind each step of the plan in hand, by its number. */
export function useRequests(): Map<number, RequestPreview[]> {
  const { job } = useJob();
  return new Map(job.plan?.steps.map((step) => [step.number, step.requests]));
}
