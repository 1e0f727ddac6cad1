import type { FieldProblem, UploadUser } from "../../backend/types";

/** The fields that are typed. */
export const TEXTS = ["externalId", "userName", "givenName", "familyName"] as const;
export type TextField = (typeof TEXTS)[number];

/** A user that was made up, in the tenant's own domain. */
export function sampleUser(domain: string | null, givenName: string, familyName: string): UploadUser {
  return {
    externalId: "trial-0001",
    userName: domain === null ? "" : `trial.upload@${domain}`,
    givenName,
    familyName,
    active: true,
  };
}

/** The fields that nothing stands in. */
export function emptyTexts(user: UploadUser): TextField[] {
  return TEXTS.filter((field) => user[field].trim() === "");
}

/** What Rust says of a field of the user, by the field's own name whatever stands before it. */
export function saidOf(field: keyof UploadUser, problems: FieldProblem[]): string | undefined {
  return problems.find((problem) => problem.field.split(".").at(-1) === field)?.message;
}

/** Without the blanks around, which nobody means. */
export function trimmed(user: UploadUser): UploadUser {
  return {
    ...user,
    externalId: user.externalId.trim(),
    userName: user.userName.trim(),
    givenName: user.givenName.trim(),
    familyName: user.familyName.trim(),
  };
}
