import type { Problem } from "./types";

const NO_DETAILS = { exists: null, advice: null, fields: [], trace: null } as const;

/**
 * What was thrown, as a `Problem`. Rust answers with one; a command that the access list refuses answers with a
 * string, and a fault of the page itself is an `Error`.
 */
export function toProblem(thrown: unknown): Problem {
  if (isProblem(thrown)) {
    return {
      code: thrown.code,
      message: thrown.message,
      exists: thrown.exists ?? null,
      advice: thrown.advice ?? null,
      fields: thrown.fields ?? [],
      trace: thrown.trace ?? null,
    };
  }
  if (typeof thrown === "string" && thrown.trim() !== "") {
    return {
      ...NO_DETAILS,
      fields: [],
      code: "internal",
      message: `The app refused its own request: ${thrown}`,
      exists: "Nothing was changed by it.",
      advice: "Restart Inbound Access. If it happens again, report the words above.",
    };
  }
  const words = thrown instanceof Error ? thrown.message : "an answer of an unknown kind";
  return {
    ...NO_DETAILS,
    fields: [],
    code: "internal",
    message: `Inbound Access could not read its own answer: ${words}`,
    exists: "If a change was being made, Activity shows how far it came.",
    advice: "Restart Inbound Access. If it happens again, report the words above.",
  };
}

function isProblem(thrown: unknown): thrown is Problem {
  if (typeof thrown !== "object" || thrown === null) {
    return false;
  }
  const candidate = thrown as Partial<Record<keyof Problem, unknown>>;
  return typeof candidate.code === "string" && typeof candidate.message === "string";
}
