import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect } from "vitest";
import { App } from "../app/App";
import type { Backend } from "../backend/backend";
import { scripted } from "./scripted";

/** Opens the app over scripted answers at a page. */
export function open(start = "/", answers: Partial<Backend> = {}) {
  const backend = scripted(answers);
  const user = userEvent.setup({ delay: null });
  const view = render(<App backend={backend} start={start} />);
  return { backend, user, ...view };
}

/** The page's heading, once it is there. */
export function heading(name: string | RegExp) {
  return screen.findByRole("heading", { level: 1, name });
}

/** Fails with each violation that axe finds in the page. Contrast needs real layout, which jsdom has not. */
export async function expectNoViolations() {
  const { violations } = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  const told = violations.map(
    (violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" | ")}`,
  );
  expect(told).toEqual([]);
}

/** Presses Tab until the element has the focus; fails when it cannot be reached. */
export async function tabTo(user: ReturnType<typeof userEvent.setup>, element: HTMLElement) {
  for (let presses = 0; presses < 60; presses += 1) {
    if (document.activeElement === element) {
      return;
    }
    await user.tab();
  }
  expect(document.activeElement).toBe(element);
}
