import { describe, expect, it } from "vitest";
import { refusal } from "../testing/runFixtures";
import { toProblem } from "./problem";

describe("toProblem", () => {
  it("hands on what Rust says", () => {
    expect(toProblem(refusal)).toEqual(refusal);
  });

  it("fills in what an older answer leaves out", () => {
    expect(toProblem({ code: "busy", message: "A run is going on." })).toEqual({
      code: "busy",
      message: "A run is going on.",
      exists: null,
      advice: null,
      fields: [],
      trace: null,
    });
  });

  it("turns the string of a refused command into a problem with its words", () => {
    const problem = toProblem("run_plan not allowed by ACL");
    expect(problem.code).toBe("internal");
    expect(problem.message).toContain("run_plan not allowed by ACL");
    expect(problem.advice).not.toBeNull();
  });

  it.each([[new TypeError("x is undefined")], [42], [null], [undefined], [""], [{ message: "no code" }]])(
    "makes a whole problem of %s",
    (thrown) => {
      const problem = toProblem(thrown);
      expect(problem.code).toBe("internal");
      expect(problem.message).not.toBe("");
      expect(problem.exists).not.toBeNull();
      expect(problem.fields).toEqual([]);
    },
  );
});
