import type { PlanView, StepEffect } from "../../backend/types";

const CHANGES: StepEffect[] = ["willCreate", "willChange", "willGrant", "willRemove"];

/** How many steps change something now, and how many ask another administrator for their consent. */
export function countOf({ steps }: PlanView): { changes: number; asks: number } {
  return {
    changes: steps.filter(({ effect }) => CHANGES.includes(effect)).length,
    asks: steps.filter(({ effect }) => effect === "willAskConsent").length,
  };
}

/** Undoing a set-up only removes; undoing a fix may grant again or let sign in again. */
export function onlyRemoves({ steps }: PlanView): boolean {
  return steps.every(({ effect }) => effect === "willRemove" || !CHANGES.includes(effect));
}

type Translate = (id: "plan.lastStep", values: Record<string, string>) => string;

/** `4`, `4 and 5`, `3, 4 and 5`. */
export function stepNumbers(t: Translate, numbers: number[]): string {
  const last = numbers.at(-1);
  const first = numbers.slice(0, -1).join(", ");
  return first === "" ? String(last ?? "") : t("plan.lastStep", { first, last: String(last) });
}
