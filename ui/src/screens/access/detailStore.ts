import type { Backend } from "../../backend/backend";
import { toProblem } from "../../backend/problem";
import type { HolderDetails, Problem } from "../../backend/types";

/** Rust reads no more at once. */
const MOST_AT_ONCE = 200;

export type Detail = HolderDetails | "reading" | "failed";

/** What is known besides of those whose rows were in sight; each is read once. */
export class DetailStore {
  private readonly known = new Map<string, Detail>();
  private readonly listeners = new Set<() => void>();
  private version = 0;
  /** Counts the wishes to try those again that could not be read. */
  private tries = 0;
  /** Why the last ones could not be read; none once others could. */
  problem: Problem | null = null;

  constructor(private readonly backend: Pick<Backend, "holderDetails">) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Counts the changes. */
  readonly current = (): number => this.version;

  readonly attempt = (): number => this.tries;

  readonly of = (principal: string): Detail | undefined => this.known.get(principal);

  /** Reads those of them that are not known yet. */
  want(principals: string[]): void {
    const missing = [...new Set(principals)].filter((id) => !this.known.has(id));
    for (let from = 0; from < missing.length; from += MOST_AT_ONCE) {
      void this.read(missing.slice(from, from + MOST_AT_ONCE));
    }
  }

  /** Those that could not be read may be asked for again. */
  forgetFailed(): void {
    for (const [id, detail] of this.known) {
      if (detail === "failed") {
        this.known.delete(id);
      }
    }
    this.problem = null;
    this.tries += 1;
    this.tell();
  }

  private async read(ids: string[]): Promise<void> {
    this.note(ids, () => "reading");
    try {
      const found = new Map((await this.backend.holderDetails(ids)).map((one) => [one.principalId, one]));
      this.problem = null;
      this.note(ids, (id) => found.get(id) ?? "failed");
    } catch (thrown) {
      this.problem = toProblem(thrown);
      this.note(ids, () => "failed");
    }
  }

  private note(ids: string[], detail: (id: string) => Detail): void {
    for (const id of ids) {
      this.known.set(id, detail(id));
    }
    this.tell();
  }

  private tell(): void {
    this.version += 1;
    for (const listener of this.listeners) {
      listener();
    }
  }
}
