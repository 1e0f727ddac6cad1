import type { PermissionSet } from "../../backend/types";

/** The permissions that a principal can be checked against, and what they are called. */
export interface Yardstick {
  key: string;
  /** None for what was set up and is no set of this tenant. */
  title: string | null;
  permissions: string[];
}

const AS_SET_UP = "asSetUp";

/**
 * The sets that this tenant offers, and before them what was set up where it is none of those. `first` is the key of
 * the one to begin with: what was set up, else the tenant's default.
 */
export function yardsticks(sets: PermissionSet[], asSetUp: string[] | null): { first: string; all: Yardstick[] } {
  const all: Yardstick[] = sets
    .filter((set) => set.available)
    .map(({ key, title, permissions }) => ({ key, title, permissions: permissions.map(({ value }) => value) }));
  if (asSetUp === null || asSetUp.length === 0) {
    return { first: all[0]?.key ?? "", all };
  }
  const same = all.find(({ permissions }) => holdTheSame(permissions, asSetUp));
  return same === undefined
    ? { first: AS_SET_UP, all: [{ key: AS_SET_UP, title: null, permissions: asSetUp }, ...all] }
    : { first: same.key, all };
}

function holdTheSame(some: string[], others: string[]): boolean {
  const wanted = new Set(others);
  return new Set(some).size === wanted.size && some.every((value) => wanted.has(value));
}
