import type { Tone } from "../Mark";

/** From so many days on a credential's end is near enough to plan for. */
const SOON = 30;

/** How a credential stands with so many days left; below zero it has ended. */
export function daysTone(days: number): Extract<Tone, "good" | "warn" | "bad"> {
  return days < 0 ? "bad" : days <= SOON ? "warn" : "good";
}
