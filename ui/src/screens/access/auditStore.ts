import type { Backend } from "../../backend/backend";
import { toProblem } from "../../backend/problem";
import type { AuditNews, AuditSummary, Problem } from "../../backend/types";
import { HolderTable } from "./rows";

export interface AuditState {
  phase: "idle" | "reading" | "done" | "stopped" | "failed";
  /** The permissions that were asked for, by value; none for those of the job. */
  wanted: string[];
  /** The rows: the same table as long as they belong to one reading. */
  table: HolderTable;
  /** How many of them there are as yet. */
  count: number;
  grantsRead: number;
  pages: number;
  /** For so many seconds the service asked to wait. */
  waiting: number | null;
  summary: AuditSummary | null;
  problem: Problem | null;
  /** Something was changed since it was read. */
  outdated: boolean;
}

const nothing = (wanted: string[]): AuditState => ({
  phase: "idle",
  wanted,
  table: new HolderTable(),
  count: 0,
  grantsRead: 0,
  pages: 0,
  waiting: null,
  summary: null,
  problem: null,
  outdated: false,
});

/**
 * An audit while it is read and after. The rows stay out of React's state: pages hear of them at most once for each
 * picture that is drawn, however fast they come.
 */
export class AuditStore {
  private state: AuditState = nothing([]);
  private readonly listeners = new Set<() => void>();
  private frame: number | null = null;
  private news: Partial<AuditState> = {};
  /** Counts the readings: what an older one says is too late. */
  private reading = 0;

  constructor(private readonly backend: Pick<Backend, "audit" | "stopAudit">) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): AuditState => this.state;

  /** Reads who holds these permissions; one that is read now gives way. */
  begin(wanted: string[]): void {
    this.reading += 1;
    const mine = this.reading;
    this.news = {};
    this.set({ ...nothing(wanted), phase: "reading" });
    this.backend
      .audit(wanted, (news) => {
        if (mine === this.reading) {
          this.hear(news);
        }
      })
      .then(
        (summary) => this.end(mine, { phase: "done", summary, grantsRead: summary.grantsRead, pages: summary.pages }),
        (thrown: unknown) => {
          const problem = toProblem(thrown);
          // Half a list that broke off answers nothing; one that was stopped is what the operator wanted to see of it.
          this.end(
            mine,
            problem.code === "cancelled"
              ? { phase: "stopped" }
              : { phase: "failed", problem, table: new HolderTable(), count: 0 },
          );
        },
      );
  }

  stop(): void {
    if (this.state.phase === "reading") {
      const mine = this.reading;
      this.backend.stopAudit().catch((thrown: unknown) => {
        if (mine === this.reading && this.state.phase === "reading") {
          this.set({ ...this.state, problem: toProblem(thrown) });
        }
      });
    }
  }

  /** Nobody looks any more. */
  leave(): void {
    this.stop();
    this.reading += 1;
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
      this.frame = null;
    }
    this.state = nothing([]);
  }

  /** Something in the tenant was changed from here. */
  changed(): void {
    if (this.state.phase !== "idle") {
      this.set({ ...this.state, outdated: true });
    }
  }

  private hear(news: AuditNews): void {
    switch (news.kind) {
      case "rows":
        this.state.table.add(news.rows);
        this.news = { ...this.news, waiting: null, count: this.state.table.rows.length };
        break;
      case "progress":
        this.news = { ...this.news, waiting: null, grantsRead: news.grantsRead, pages: news.pages };
        break;
      case "waiting":
        this.news = { ...this.news, waiting: news.seconds };
        break;
    }
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      const heard = this.news;
      this.news = {};
      this.set({ ...this.state, ...heard });
    });
  }

  private end(mine: number, end: Partial<AuditState>): void {
    if (mine !== this.reading) {
      return;
    }
    // At once: a window that is hidden draws no frames.
    if (this.frame !== null) {
      cancelAnimationFrame(this.frame);
      this.frame = null;
    }
    const heard = this.news;
    this.news = {};
    this.set({ ...this.state, ...heard, waiting: null, problem: null, ...end });
  }

  private set(state: AuditState): void {
    this.state = state;
    for (const listener of this.listeners) {
      listener();
    }
  }
}
