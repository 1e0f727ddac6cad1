import type { Verification } from "../../backend/types";
import type { WordId } from "../../words/useWords";

/** Why no upload can be tried from here as this client; none where its secret lies in this keychain and still lasts. */
export function trialObstacle({ principal, credentials }: Verification): WordId | null {
  if (principal.kind === "systemAssigned" || principal.kind === "userAssigned") {
    return "upload.identity";
  }
  if (principal.applicationObjectId === null) {
    return "upload.other";
  }
  const lasting = credentials.filter(({ kind, daysLeft }) => kind === "secret" && (daysLeft ?? 0) >= 0);
  if (lasting.some(({ inKeychain }) => inKeychain === true)) {
    return null;
  }
  return lasting.some(({ inKeychain }) => inKeychain === null) ? "upload.keychain" : "upload.noSecret";
}
