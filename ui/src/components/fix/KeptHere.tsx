import { useWords } from "../../words/useWords";
import { Mark } from "../Mark";

/** Whether a secret's value lies in this computer's keychain; none where that could not be looked at. */
export function KeptHere({ here }: { here: boolean | null }) {
  const t = useWords();
  if (here === null) {
    return <Mark tone="unknown">{t("cred.hereUnknown")}</Mark>;
  }
  return here ? <Mark tone="good">{t("cred.here")}</Mark> : <Mark tone="skipped">{t("cred.notHere")}</Mark>;
}
