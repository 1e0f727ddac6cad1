import type { AuditNews, AuditSummary, HolderDetails, HolderRow } from "../backend/types";
import { auditSummary, holders } from "./accessFixtures";
import { app, auditLog, PRINCIPAL, upload } from "./fixtures";

export const holder: HolderRow = { ...(holders[0] as HolderRow), principalId: PRINCIPAL, name: app.name };

/** Five rows that differ in everything: an app with two permissions, a namesake from right to left, a user, a group. */
export const fiveHolders: HolderRow[] = [
  holder,
  { ...holder, grantId: "grant-logs", permission: auditLog.value, grantedAt: "2026-11-13T08:00:00Z" },
  { ...holder, grantId: "grant-ar", principalId: "id-ar", name: "موارد بشرية", grantedAt: "2025-03-01T00:00:00Z" },
  { ...holder, grantId: "grant-zoe", principalId: "id-zoe", name: "Zoë Ames", principalType: "User", grantedAt: null },
  {
    ...holder,
    grantId: "grant-team",
    principalId: "id-team",
    name: "Contractors \u202edeef",
    principalType: "Group",
    permission: auditLog.value,
    grantedAt: "2024-01-02T00:00:00Z",
  },
];

/** So many apps, each with one grant; every tenth may read the logs, the others upload. */
export function manyHolders(count: number): HolderRow[] {
  return Array.from({ length: count }, (_, index) => ({
    ...holder,
    grantId: `grant-${index}`,
    principalId: `id-${index}`,
    // Not in the order of their names.
    name: `Feed ${String((index * 7919) % count).padStart(6, "0")}`,
    permission: index % 10 === 0 ? auditLog.value : upload.value,
    grantedAt: new Date(Date.UTC(2020, 0, 1) + ((index * 31) % count) * 60_000).toISOString(),
  }));
}

export function summaryOf(rows: HolderRow[], changed: Partial<AuditSummary> = {}): AuditSummary {
  return {
    ...auditSummary,
    sentence: `${rows.length} grants were found.`,
    permissions: [upload, auditLog].map(({ value, title, explanation }) => ({
      value,
      title,
      risk: 3,
      explanation,
      offered: true,
    })),
    grants: rows.length,
    holders: new Set(rows.map(({ principalId }) => principalId)).size,
    ...changed,
  };
}

/** An audit that finds these at once. */
export function auditOf(rows: HolderRow[], changed: Partial<AuditSummary> = {}) {
  return async (_permissions: string[], onNews: (news: AuditNews) => void) => {
    onNews({ kind: "rows", rows });
    return summaryOf(rows, changed);
  };
}

/** An audit that the test moves on itself. */
export function auditByHand() {
  let listener: (news: AuditNews) => void = () => undefined;
  let settle: { resolve: (summary: AuditSummary) => void; reject: (thrown: unknown) => void } | null = null;
  return {
    audit: (_permissions: string[], onNews: (news: AuditNews) => void) => {
      listener = onNews;
      return new Promise<AuditSummary>((resolve, reject) => {
        settle = { resolve, reject };
      });
    },
    tell: (news: AuditNews) => listener(news),
    end: (summary: AuditSummary) => settle?.resolve(summary),
    refuse: (thrown: unknown) => settle?.reject(thrown),
  };
}

export function detailsOf(principalId: string, changed: Partial<HolderDetails> = {}): HolderDetails {
  return {
    principalId,
    clientId: `client-${principalId}`,
    kind: "appRegistration",
    enabled: true,
    created: "2026-11-12T10:40:00Z",
    homeTenant: null,
    credentialEnds: "2026-12-17T23:59:59Z",
    daysLeft: 23,
    credentials: 1,
    lastSignIn: null,
    ...changed,
  };
}
