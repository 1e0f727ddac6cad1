import type { Direction, JobHealth, ProvisioningJob } from "../../backend/types";
import type { Tone } from "../../components/Mark";
import type { WordId } from "../../words/useWords";

export const HEALTH_TONES: Record<JobHealth, Tone> = {
  running: "good",
  notStarted: "warn",
  paused: "warn",
  quarantined: "bad",
  unknown: "unknown",
};

export const DIRECTIONS: Record<Direction, WordId> = {
  toEntra: "road.toEntra",
  toActiveDirectory: "road.toActiveDirectory",
  unknown: "road.unknown",
};

/** The job to begin with: the one that was asked for, else one that takes users now, else any. */
export function firstJob(jobs: ProvisioningJob[], asked?: string): ProvisioningJob | undefined {
  return jobs.find(({ id }) => id === asked) ?? jobs.find(({ health }) => health === "running") ?? jobs[0];
}
