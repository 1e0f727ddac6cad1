import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

// Rust's `freezePrototype` is on in the real window; what breaks under it must break here.
Object.freeze(Object.prototype);

configure({ asyncUtilTimeout: 5000 });

/** Media queries that the test says hold; none do otherwise. */
export const media = new Set<string>();

vi.stubGlobal("matchMedia", (query: string) => ({
  matches: media.has(query),
  media: query,
  addEventListener: () => undefined,
  removeEventListener: () => undefined,
}));

vi.stubGlobal("scrollTo", () => undefined);

// jsdom has no layout, so nothing ever changes its size.
class NoResize {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal("ResizeObserver", NoResize);

afterEach(() => {
  cleanup();
  media.clear();
});

// Without layout nothing has a size or an offset parent, and Fluent's focus keeper takes each dialog for hidden.
Object.defineProperty(HTMLElement.prototype, "offsetParent", {
  configurable: true,
  get(this: HTMLElement) {
    return this.parentElement;
  },
});
document.body.getBoundingClientRect = () => new DOMRect(0, 0, 1100, 760);

// jsdom matches every rule against every element that is asked for by role: with Fluent's thousand rules a test took
// seconds. None of them decides what a test sees, but for the theme's own values.
const sheets = document.createElement("style");
document.head.append(sheets);
if (sheets.sheet !== null) {
  const rules = Object.getPrototypeOf(sheets.sheet) as CSSStyleSheet;
  const insertRule = rules.insertRule;
  rules.insertRule = function (rule, index) {
    return rule.includes("--colorNeutralBackground1:") ? insertRule.call(this, rule, index) : 0;
  };
}
sheets.remove();
