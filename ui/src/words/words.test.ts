import { createIntl } from "react-intl";
import { describe, expect, it } from "vitest";
import { en } from "./en";

describe("the words", () => {
  it("hold no phrase that says nothing", () => {
    for (const [id, words] of Object.entries(en)) {
      expect(words, id).not.toMatch(/went wrong|\boops\b|\bsorry\b|please|\bunexpected error\b/i);
      expect(words, id).not.toMatch(/^(OK|Submit|Proceed|Error)$/i);
    }
  });

  it("are all well-formed messages", () => {
    const faults: string[] = [];
    const intl = createIntl({ locale: "en", messages: en, onError: (error) => faults.push(error.message) });
    for (const [id, words] of Object.entries(en)) {
      const values = Object.fromEntries([...words.matchAll(/\{(\w+)/g)].map(([, name]) => [name, 2]));
      const b = (words: string[]) => words.join("");
      expect(intl.formatMessage({ id }, { ...values, b }), id).not.toBe("");
    }
    expect(faults).toEqual([]);
  });
});
